import { Skeleton } from '@mantine/core';

import { ConfirmDialog } from '../../components/change/confirm-dialog';
import { useLast } from '../../components/change/use-last';
import { useUndoReassignment } from '../../components/change/use-undo-reassignment';
import { formatCount } from '../../components/format/format';
import { plural } from '../../components/format/plural';
import { type UndoPreview, useUndoPreview } from './use-undo-preview';

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
