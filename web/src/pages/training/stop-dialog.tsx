import { useState } from 'react';

import { announce } from '../../components/change/announce';
import { ConfirmDialog } from '../../components/change/confirm-dialog';
import type { Problem } from '../../components/change/problem';
import { useChange } from '../../components/change/use-change';
import { useLast } from '../../components/change/use-last';
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
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(CancelTrainingDocument, (data) => data.cancelTraining);
  const asked = useLast(job);
  const close = () => {
    setProblems([]);
    onClose();
  };
  const stop = async () => {
    if (job === null) return;
    const outcome = await run({ input: { jobId: job.id } });
    setProblems(outcome.problems);
    if (outcome.problems.length > 0) return;
    announce('The training is stopped.');
    close();
    onStopped();
  };
  return (
    <ConfirmDialog
      isOpen={job !== null}
      title="Stop the training?"
      deed="Stop the training"
      isRunning={isRunning}
      problems={problems}
      onConfirm={() => void stop()}
      onClose={close}
    >
      The training with preset {asked?.preset} ends without a model.{' '}
      {asked?.status === 'QUEUED'
        ? 'It has not begun, so nothing is lost.'
        : 'What it has learnt so far is lost; the active model stays as it is.'}
    </ConfirmDialog>
  );
}
