import { useState } from 'react';

import { useKey } from '../../app/key-store';
import { useViewer } from '../../app/use-viewer';
import { announce } from '../../components/change/announce';
import { ConfirmChange } from '../../components/change/confirm-dialog';
import { useGuard } from '../../components/change/guard';
import { Page } from '../../components/page/page';
import { usePages } from '../../components/pages/use-pages';
import { AuditListDocument, KeyListDocument, type KeyRowFragment, RevokeKeyDocument } from '../../graphql/graphql';
import { AuditPanel } from './audit-panel';
import { CreatePanel } from './create-panel';
import type { NewKey } from './key';
import { KeysPanel } from './keys-panel';

const ROWS_PER_PAGE = 100;

/** Lists, makes and revokes API keys, and says who changed what with them. */
export function KeysPage() {
  const { isAdmin } = useViewer();
  const { isAllowed: maySee, ask } = useGuard({ needs: 'ADMIN', deed: 'The list of the keys' });
  const ownKey = useKey();
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
      <ConfirmChange
        wanted={wanted}
        title="Revoke the key?"
        deed="Revoke the key"
        document={RevokeKeyDocument}
        select={(data) => data.revokeApiKey}
        variables={({ id }) => ({ input: { apiKeyId: id } })}
        onDone={({ name }, { apiKey }) => {
          announce(apiKey ? `The key “${name}” is revoked.` : `The key “${name}” was revoked before.`);
          reload();
        }}
        onClose={() => setWanted(null)}
      >
        {({ name, prefix }) => (
          <>
            Whatever uses the key “{name}” is refused from now on. This cannot be undone; a new key can be made.
            {prefix !== '' &&
              ownKey?.startsWith(prefix) &&
              ' It is the key of this tab: you need another one afterwards.'}
          </>
        )}
      </ConfirmChange>
    </Page>
  );
}
