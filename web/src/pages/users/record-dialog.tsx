import { useNavigate } from 'react-router';

import { userPath } from '../../app/paths';
import { ChangeDialog } from '../../components/change/change-dialog';
import { outdatePages } from '../../components/pages/page-store';
import { RecordForm } from './record-form';
import { useRecording } from './use-recording';

interface RecordDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Records what any user does, a new one too, and shows that user. */
export function RecordDialog({ isOpen, onClose }: RecordDialogProps) {
  const navigate = useNavigate();
  const recording = useRecording(undefined, (externalId) => {
    outdatePages();
    void navigate(userPath(externalId));
  });
  return (
    <ChangeDialog opened={isOpen} isRunning={recording.isRunning} onClose={onClose} title="Record an interaction">
      <RecordForm recording={recording} asksForUser />
    </ChangeDialog>
  );
}
