import { useState } from 'react';

import { Page } from '../../components/page/page';
import { CreatePanel } from './create-panel';
import type { NewKey } from './new-key';
import { RevokePanel } from './revoke-panel';
import { SecretAlert } from './secret-alert';

/** Makes and revokes API keys. */
export function KeysPage() {
  const [keys, setKeys] = useState<readonly NewKey[]>([]);
  const [shown, setShown] = useState<NewKey | null>(null);
  return (
    <Page title="Keys" lead="Whatever changes the shop needs a key; its role says what it may do.">
      {shown && <SecretAlert newKey={shown} onClose={() => setShown(null)} />}
      <CreatePanel
        onCreated={(key) => {
          setShown(key);
          setKeys((before) => [key, ...before]);
        }}
      />
      <RevokePanel
        keys={keys}
        onRevoked={(id) =>
          setKeys((before) => before.map((key) => (key.id === id ? { ...key, isRevoked: true } : key)))
        }
      />
    </Page>
  );
}
