import type { ModalProps } from '@mantine/core';

import { Dialog } from '../dialog/dialog';

export interface ChangeDialogProps extends Omit<ModalProps, 'closeButtonProps'> {
  readonly isRunning: boolean;
}

/** A dialog that stays open while its change runs: closing it would not stop the change, and nobody would see the result. */
export function ChangeDialog({ isRunning, onClose, ...rest }: ChangeDialogProps) {
  return (
    <Dialog
      {...rest}
      onClose={() => !isRunning && onClose()}
      closeButtonProps={{ 'aria-label': 'Close', disabled: isRunning }}
    />
  );
}
