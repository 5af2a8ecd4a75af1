import { Modal, type ModalProps } from '@mantine/core';
import { useId } from 'react';

interface DialogProps extends Omit<ModalProps, 'closeButtonProps'> {
  /** It stays open then: closing it would not stop the change, and nobody would see the result. */
  readonly isRunning?: boolean;
}

/** A dialog that may stand above another one, which Escape leaves open then. */
export function Dialog({ isRunning = false, onClose, ...rest }: DialogProps) {
  return (
    <Modal
      {...rest}
      stackId={useId()}
      onClose={() => !isRunning && onClose()}
      closeButtonProps={{ 'aria-label': 'Close', disabled: isRunning }}
    />
  );
}
