import { Modal, type ModalProps } from '@mantine/core';

interface ChangeDialogProps extends Omit<ModalProps, 'closeButtonProps'> {
  readonly isRunning: boolean;
}

/** A dialog that stays while its change runs: to close it would not stop that, and nobody would see what came of it. */
export function ChangeDialog({ isRunning, onClose, ...rest }: ChangeDialogProps) {
  return (
    <Modal
      {...rest}
      onClose={() => !isRunning && onClose()}
      closeButtonProps={{ 'aria-label': 'Close', disabled: isRunning }}
    />
  );
}
