import { announce } from '../../components/change/announce';
import { ConfirmDialog, useConfirmation, useLast } from '../../components/change/confirm-dialog';
import { useChange } from '../../components/change/use-change';
import { CancelTrainingDocument, type TrainingStatus } from '../../graphql/graphql';

export interface StoppableJob {
  readonly id: string;
  readonly preset: string;
  readonly status: TrainingStatus;
}

interface StopDialogProps {
  /** Null: none is to be stopped. */
  readonly job: StoppableJob | null;
  readonly onClose: () => void;
  readonly onStopped: () => void;
}

/** Asks before a training that waits or runs is stopped. */
export function StopDialog({ job, onClose, onStopped }: StopDialogProps) {
  const { run, isRunning } = useChange(CancelTrainingDocument, (data) => data.cancelTraining);
  const asked = useLast(job);
  const confirmation = useConfirmation(onClose, async () => {
    if (job === null) return [];
    const { problems } = await run({ input: { jobId: job.id } });
    if (problems.length > 0) return problems;
    announce('The training is stopped.');
    onStopped();
    return problems;
  });
  return (
    <ConfirmDialog
      isOpen={job !== null}
      title="Stop the training?"
      deed="Stop the training"
      isRunning={isRunning}
      {...confirmation}
    >
      The training with preset {asked?.preset} ends without a model.{' '}
      {asked?.status === 'QUEUED'
        ? 'It has not begun, so nothing is lost.'
        : 'What it has learnt so far is lost; the active model stays as it is.'}
    </ConfirmDialog>
  );
}
