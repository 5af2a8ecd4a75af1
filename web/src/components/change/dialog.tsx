import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useEffectEvent } from 'react';

/** A dialog that may stand above another one. */
export function Dialog(props: ModalProps) {
  useEscape(props.opened, props.onClose);
  return <Modal {...props} closeOnEscape={false} />;
}

/** Closes each open dialog; the uppermost is the last. */
const open: (() => void)[] = [];

/** A list that is open within a dialog marks its field so, and closes by itself. */
const OWN = '[data-mantine-stop-propagation=true]';

/** @param close - Called with Escape while no other dialog is above this one. */
function useEscape(isOpen: boolean, close: () => void): void {
  const closeLatest = useEffectEvent(close);
  useEffect(() => {
    if (!isOpen) return;
    const entry = () => closeLatest();
    if (open.push(entry) === 1) window.addEventListener('keydown', closeUppermost, true);
    return () => {
      open.splice(open.indexOf(entry), 1);
      if (open.length === 0) window.removeEventListener('keydown', closeUppermost, true);
    };
  }, [isOpen]);
}

function closeUppermost(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.isComposing) return;
  if (!(event.target instanceof Element && event.target.matches(OWN))) open.at(-1)?.();
}

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
