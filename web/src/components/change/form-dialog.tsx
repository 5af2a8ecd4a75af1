import { useDisclosure } from '@mantine/hooks';

import { ChangeDialog, type ChangeDialogProps } from './change-dialog';
import { ConfirmDialog } from './confirm-dialog';
import { LeaveQuestion } from './leave-question';

interface FormDialogProps extends ChangeDialogProps {
  /** Whether closing it would lose what was typed. */
  readonly isUnsaved: boolean;
}

/** A dialog with a form. It asks before one key, or a click beside it, throws away what was typed. */
export function FormDialog({ isUnsaved, onClose, ...rest }: FormDialogProps) {
  const [isAsking, question] = useDisclosure(false);
  return (
    <>
      <ChangeDialog {...rest} onClose={isUnsaved ? question.open : onClose} />
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
