import { Alert, Button, Group, Loader } from '@mantine/core';

import { Icon } from '../components/icon/icon';
import { useConnectionState } from './connection';
import { askForKey, refusalOf, useKey } from './key-store';
import { useIsCodeAwaited } from './patient-fetch';

interface ConnectionNoticeProps {
  /** Whether a page is being opened. */
  readonly isOpening: boolean;
}

/** Says across the page that the server is gone, or refuses the key; goes away by itself when news arrive again. */
export function ConnectionNotice({ isOpening }: ConnectionNoticeProps) {
  const state = useConnectionState();
  const isAwaited = useIsCodeAwaited() && isOpening;
  if (state === 'refused') return <RefusedNotice />;
  if (state === 'lost' || isAwaited) return <LostNotice isAwaited={isAwaited} />;
  if (state === 'polled') return <PolledNotice />;
  return null;
}

function LostNotice({ isAwaited }: { readonly isAwaited: boolean }) {
  return (
    <Alert color="yellow" variant="light" radius={0} icon={<Loader size={16} color="yellow" />} role="alert">
      The connection to the server is lost.{' '}
      {isAwaited
        ? 'The page that you opened is shown as soon as the server is back.'
        : 'What you see may be old; it is loaded anew as soon as the server is back.'}
    </Alert>
  );
}

function PolledNotice() {
  return (
    <Alert color="yellow" variant="light" radius={0} icon={<Icon name="warning" />} role="status">
      No WebSocket comes through to the server, so that news do not come at once. This page asks every 10 seconds
      whether the shop has changed and how far a training is.
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
