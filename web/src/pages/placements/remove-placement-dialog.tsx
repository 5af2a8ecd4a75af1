import { useState } from 'react';

import { announce } from '../../components/change/announce';
import { ConfirmDialog } from '../../components/change/confirm-dialog';
import type { Problem } from '../../components/change/problem';
import { useChange } from '../../components/change/use-change';
import { useLast } from '../../components/change/use-last';
import { RemovePlacementDocument } from '../../graphql/graphql';

interface RemovePlacementDialogProps {
  /** Null: nothing is asked. */
  readonly wanted: string | null;
  readonly onRemoved: () => void;
  readonly onClose: () => void;
}

/** Asks before the figures of a placement are deleted, which cannot be undone. */
export function RemovePlacementDialog({ wanted, onRemoved, onClose }: RemovePlacementDialogProps) {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(RemovePlacementDocument, (data) => data.removePlacement!);
  const asked = useLast(wanted);
  const close = () => {
    setProblems([]);
    onClose();
  };
  const remove = async () => {
    if (wanted === null) return;
    const { payload, problems } = await run({ input: { name: wanted } });
    setProblems(problems);
    if (payload === null || problems.length > 0) return;
    announce(`The placement “${wanted}” is removed.`);
    onRemoved();
    close();
  };
  return (
    <ConfirmDialog
      isOpen={wanted !== null}
      title="Remove the placement?"
      deed="Remove the placement"
      isRunning={isRunning}
      problems={problems}
      onConfirm={() => void remove()}
      onClose={close}
    >
      All figures of “{asked}” are deleted. This cannot be undone. Feedback on its lists brings it back, without them.
    </ConfirmDialog>
  );
}
