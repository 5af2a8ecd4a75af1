import { useState } from 'react';

import { useViewer } from '../../app/use-viewer';
import { useGuard } from '../../components/change/use-guard';
import { Page } from '../../components/page/page';
import { usePages } from '../../components/pages/use-pages';
import { AuditListDocument, KeyListDocument, type KeyRowFragment } from '../../graphql/graphql';
import { AuditPanel } from './audit-panel';
import { CreatePanel } from './create-panel';
import { KeysPanel } from './keys-panel';
import type { NewKey } from './new-key';
import { RevokeDialog } from './revoke-dialog';

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
