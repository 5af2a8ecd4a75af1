import { useKey } from '../../app/key-store';
import { announce } from '../../components/change/announce';
import { ConfirmDialog } from '../../components/change/confirm-dialog';
import { useChange } from '../../components/change/use-change';
import { useConfirmation } from '../../components/change/use-confirmation';
import { useLast } from '../../components/change/use-last';
import { type KeyRowFragment, RevokeKeyDocument } from '../../graphql/graphql';

interface RevokeDialogProps {
  /** Null: nothing is asked. */
  readonly wanted: KeyRowFragment | null;
  readonly onRevoked: () => void;
  readonly onClose: () => void;
}

/** Asks before a key is revoked, which cannot be undone. */
export function RevokeDialog({ wanted, onRevoked, onClose }: RevokeDialogProps) {
  const { run, isRunning } = useChange(RevokeKeyDocument, (data) => data.revokeApiKey);
  const ownKey = useKey();
  const asked = useLast(wanted);
  const isOwn = asked !== null && asked.prefix !== '' && ownKey?.startsWith(asked.prefix);
  const confirmation = useConfirmation(onClose, async () => {
    if (wanted === null) return [];
    const { payload, problems } = await run({ input: { apiKeyId: wanted.id } });
    if (problems.length > 0) return problems;
    announce(
      payload?.revoked ? `The key “${wanted.name}” is revoked.` : `The key “${wanted.name}” was revoked before.`,
    );
    onRevoked();
    return problems;
  });
  return (
    <ConfirmDialog
      isOpen={wanted !== null}
      title="Revoke the key?"
      deed="Revoke the key"
      isRunning={isRunning}
      {...confirmation}
    >
      Whatever uses the key “{asked?.name}” is refused from now on. This cannot be undone; a new key can be made.
      {isOwn && ' It is the key of this tab: you need another one afterwards.'}
    </ConfirmDialog>
  );
}
