import { useState } from 'react';

import { useKey } from '../../app/key-store';
import { announce } from '../../components/change/announce';
import { ConfirmDialog } from '../../components/change/confirm-dialog';
import type { Problem } from '../../components/change/problem';
import { useChange } from '../../components/change/use-change';
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
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(RevokeKeyDocument, (data) => data.revokeApiKey);
  const ownKey = useKey();
  const asked = useLast(wanted);
  const isOwn = asked !== null && asked.prefix !== '' && ownKey?.startsWith(asked.prefix);
  const close = () => {
    setProblems([]);
    onClose();
  };
  const revoke = async () => {
    if (wanted === null) return;
    const { payload, problems } = await run({ input: { apiKeyId: wanted.id } });
    setProblems(problems);
    if (problems.length > 0) return;
    announce(
      payload?.revoked ? `The key “${wanted.name}” is revoked.` : `The key “${wanted.name}” was revoked before.`,
    );
    onRevoked();
    close();
  };
  return (
    <ConfirmDialog
      isOpen={wanted !== null}
      title="Revoke the key?"
      deed="Revoke the key"
      isRunning={isRunning}
      problems={problems}
      onConfirm={() => void revoke()}
      onClose={close}
    >
      Whatever uses the key “{asked?.name}” is refused from now on. This cannot be undone; a new key can be made.
      {isOwn && ' It is the key of this tab: you need another one afterwards.'}
    </ConfirmDialog>
  );
}
