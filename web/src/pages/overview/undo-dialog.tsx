import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';

import { ConfirmDialog, useLast } from '../../components/change/confirm-dialog';
import { type Problem, type Outcome, useChange } from '../../components/change/use-change';
import { useUndoReassignment } from '../../components/change/use-undo-reassignment';
import { formatCount, plural } from '../../components/format/format';
import { UndoReassignDocument, type UndoReassignMutation } from '../../graphql/graphql';

interface UndoDialogProps {
  /** The reassignment to take back; null: none. */
  readonly version: number | null;
  readonly onClose: () => void;
}

/** Says what an undo would change, by a dry run, and asks for it. */
export function UndoDialog({ version, onClose }: UndoDialogProps) {
  const { outcome, refuse, again } = useUndoPreview(version);
  const { undo, isRunning } = useUndoReassignment();
  const asked = useLast(version);
  const problems = outcome?.problems ?? [];
  const preview = problems.length > 0 ? null : (outcome?.payload ?? null);
  const confirm = async () => {
    if (version === null || preview === null) return again();
    const found = await undo(version, preview.baseVersion);
    if (found.length > 0) refuse(found);
    else onClose();
  };
  return (
    <ConfirmDialog
      isOpen={version !== null}
      title={`Undo change ${asked}?`}
      deed={problems.length > 0 ? 'Look again' : 'Undo it'}
      isRunning={isRunning}
      isReady={outcome !== null}
      problems={problems}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      {outcome === null && <Skeleton height={34} role="status" aria-label="What it would change: loading" />}
      {preview && <Effect preview={preview} />}
    </ConfirmDialog>
  );
}

function Effect({ preview: { changeCount, impact } }: { readonly preview: UndoPreview }) {
  const got = changeCount === 1 ? 'gets its former semantic ID' : 'get their former semantic IDs';
  return (
    <>
      {plural(changeCount, 'item')} {got} back.
      {impact &&
        ` That makes ${plural(impact.collisionsMade.count, 'collision')}, solves ${formatCount(impact.collisionsSolved.count)}, and changes the similar items of ${plural(impact.similarItemsChanged.count, 'item')}.`}{' '}
      It can be undone too.
    </>
  );
}

type UndoPreview = UndoReassignMutation['undoReassignment'];

interface Look {
  /** Null while the server has not answered. */
  readonly outcome: Outcome<UndoPreview> | null;
  /** The change was refused: what was seen of it holds no longer. */
  refuse(problems: readonly Problem[]): void;
  again(): void;
}

/** @param version - The change to take back; null: none. @returns What that would do, by a dry run. */
function useUndoPreview(version: number | null): Look {
  const [outcome, setOutcome] = useState<Outcome<UndoPreview> | null>(null);
  const [looks, setLooks] = useState(0);
  const { run } = useChange(UndoReassignDocument, (data) => data.undoReassignment);
  useEffect(() => {
    if (version === null) return;
    setOutcome(null);
    let isAsked = true;
    void run({ input: { catalogueVersion: version, dryRun: true } }).then((found) => isAsked && setOutcome(found));
    return () => void (isAsked = false);
  }, [version, looks, run]);
  return {
    outcome,
    refuse: (problems) => setOutcome({ payload: null, problems }),
    again: () => setLooks((before) => before + 1),
  };
}
