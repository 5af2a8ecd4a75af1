import { useState } from 'react';

import { useKey } from '../../app/key-store';
import { useViewer } from '../../app/use-viewer';
import { announce } from '../../components/change/announce';
import { ConfirmDialog, useConfirmation, useLast } from '../../components/change/confirm-dialog';
import { useGuard } from '../../components/change/guard';
import { useChange } from '../../components/change/use-change';
import { Page } from '../../components/page/page';
import { usePages } from '../../components/pages/use-pages';
import { AuditListDocument, KeyListDocument, type KeyRowFragment, RevokeKeyDocument } from '../../graphql/graphql';
import { AuditPanel } from './audit-panel';
import { CreatePanel } from './create-panel';
import type { NewKey } from './key';
import { KeysPanel } from './keys-panel';

const ROWS_PER_PAGE = 50;

/** Lists, makes and revokes API keys, and says who changed what with them. */
export function KeysPage() {
  const { isAdmin } = useViewer();
  const { isAllowed: maySee, ask } = useGuard({ needs: 'ADMIN', deed: 'The list of the keys' });
  const [made, setMade] = useState<readonly NewKey[]>([]);
  const [wanted, setWanted] = useState<KeyRowFragment | null>(null);
  const keys = usePages({
    query: KeyListDocument,
    variables: { first: ROWS_PER_PAGE },
    select: (data) => data.apiKeys,
    pause: !maySee,
  });
  const audit = usePages({
    query: AuditListDocument,
    variables: { first: ROWS_PER_PAGE },
    select: (data) => data.auditLog,
    pause: !isAdmin,
  });
  const reload = () => {
    keys.reload();
    audit.reload();
  };
  const list = <KeysPanel pages={keys} maySee={maySee} onAsk={ask} onRevoke={setWanted} />;
  return (
    <Page title="Keys" lead="Whatever changes the shop needs a key; its role says what it may do.">
      {!maySee && list}
      <CreatePanel
        made={made}
        onCreated={(key) => {
          setMade([key, ...made]);
          reload();
        }}
        onHide={(hidden) => setMade(made.filter((key) => key !== hidden))}
      />
      {maySee && list}
      {isAdmin && <AuditPanel pages={audit} />}
      <RevokeDialog wanted={wanted} onRevoked={reload} onClose={() => setWanted(null)} />
    </Page>
  );
}

interface RevokeDialogProps {
  /** Null: nothing is asked. */
  readonly wanted: KeyRowFragment | null;
  readonly onRevoked: () => void;
  readonly onClose: () => void;
}

/** Asks before a key is revoked, which cannot be undone. */
function RevokeDialog({ wanted, onRevoked, onClose }: RevokeDialogProps) {
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
