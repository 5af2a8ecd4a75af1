import { Alert, Button, Group, Loader } from '@mantine/core';

import { Icon } from '../components/icon/icon';
import { useConnectionState } from './connection';
import { askForKey, refusalOf, useKey } from './key-store';

/** Says across the page that the server is gone, or refuses the key; goes away by itself when news arrive again. */
export function ConnectionNotice() {
  const state = useConnectionState();
  if (state === 'refused') return <RefusedNotice />;
  if (state !== 'lost') return null;
  return (
    <Alert color="yellow" variant="light" radius={0} icon={<Loader size={16} color="yellow" />} role="alert">
      The connection to the server is lost. What you see may be old; it is loaded anew as soon as the connection is
      back.
    </Alert>
  );
}

/** It opens no dialog by itself: somebody may be typing. */
function RefusedNotice() {
  const key = useKey();
  const refusal = refusalOf(key);
  return (
    <Alert color="yellow" variant="light" radius={0} icon={<Icon name="key" />} role="alert">
      <Group justify="space-between" gap="sm">
        {refusal}{' '}
        {key !== null && 'What you see may be old; what you typed stays. Type another key, or forget this one.'}
        <Button variant="default" size="xs" onClick={() => askForKey(refusal)}>
          Type a key
        </Button>
      </Group>
    </Alert>
  );
}
