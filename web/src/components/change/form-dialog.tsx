import { useDisclosure } from '@mantine/hooks';
import { type ComponentProps, type ReactNode, useEffect } from 'react';
import { useBlocker } from 'react-router';

import { askBeforeLeaving } from '../../app/leaving';
import { ConfirmDialog } from './confirm-dialog';
import { Dialog } from './dialog';

interface FormDialogProps extends ComponentProps<typeof Dialog> {
  /** Whether closing it would lose what was typed. */
  readonly isUnsaved: boolean;
}

/** A dialog with a form. It asks before one key, or a click beside it, throws away what was typed. */
export function FormDialog({ isUnsaved, onClose, ...rest }: FormDialogProps) {
  const [isAsking, question] = useDisclosure(false);
  return (
    <>
      <Dialog {...rest} onClose={isUnsaved ? question.open : onClose} />
      <ConfirmDialog
        isOpen={isAsking}
        title="Discard what you have typed?"
        deed="Discard it"
        onConfirm={onClose}
        onClose={question.close}
      >
        It is not saved.
      </ConfirmDialog>
      <LeaveQuestion isUnsaved={isUnsaved}>What you have typed is not saved.</LeaveQuestion>
    </>
  );
}

interface LeaveQuestionProps {
  readonly isUnsaved: boolean;
  readonly children: ReactNode;
}

/** Asks before somebody leaves a page on which something is not saved. Before the tab is closed, the browser asks. */
export function LeaveQuestion({ isUnsaved, children }: LeaveQuestionProps) {
  useEffect(() => {
    if (!isUnsaved) return;
    window.addEventListener('beforeunload', askBeforeLeaving);
    return () => window.removeEventListener('beforeunload', askBeforeLeaving);
  }, [isUnsaved]);
  // Another view of the same page, with the same path, loses nothing.
  const { state, proceed, reset } = useBlocker(
    ({ currentLocation, nextLocation }) => isUnsaved && currentLocation.pathname !== nextLocation.pathname,
  );
  return (
    <ConfirmDialog
      isOpen={state === 'blocked'}
      title="Leave this page?"
      deed="Leave the page"
      onConfirm={() => proceed?.()}
      onClose={() => reset?.()}
    >
      {children}
    </ConfirmDialog>
  );
}
