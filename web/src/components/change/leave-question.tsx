import { type ReactNode, useEffect } from 'react';
import { useBlocker } from 'react-router';

import { askBeforeLeaving } from './ask-before-leaving';
import { ConfirmDialog } from './confirm-dialog';

interface LeaveQuestionProps {
  readonly isUnsaved: boolean;
  /** What would be lost. */
  readonly children: ReactNode;
}

/** Asks before somebody leaves a page on which something is not saved. Before the tab is closed, the browser asks. */
export function LeaveQuestion({ isUnsaved, children }: LeaveQuestionProps) {
  useEffect(() => {
    if (!isUnsaved) return;
    window.addEventListener('beforeunload', askBeforeLeaving);
    return () => window.removeEventListener('beforeunload', askBeforeLeaving);
  }, [isUnsaved]);
  // What a page shows stands behind its path: another view of it loses nothing.
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
