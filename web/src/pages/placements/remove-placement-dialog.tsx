import { announce } from '../../components/change/announce';
import { ConfirmDialog } from '../../components/change/confirm-dialog';
import { useChange } from '../../components/change/use-change';
import { useConfirmation } from '../../components/change/use-confirmation';
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
  const { run, isRunning } = useChange(RemovePlacementDocument, (data) => data.removePlacement);
  const asked = useLast(wanted);
  const confirmation = useConfirmation(onClose, async () => {
    if (wanted === null) return [];
    const { problems } = await run({ input: { name: wanted } });
    if (problems.length > 0) return problems;
    announce(`The placement “${wanted}” is removed.`);
    onRemoved();
    return problems;
  });
  return (
    <ConfirmDialog
      isOpen={wanted !== null}
      title="Remove the placement?"
      deed="Remove the placement"
      isRunning={isRunning}
      {...confirmation}
    >
      All figures of “{asked}” are deleted. This cannot be undone. Feedback on its lists brings it back, without them.
    </ConfirmDialog>
  );
}
