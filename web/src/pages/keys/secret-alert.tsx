import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';

import { useCopy } from '../../components/copy/use-copy';
import { Icon } from '../../components/icon/icon';
import type { NewKey } from './new-key';

interface SecretAlertProps {
  readonly newKey: NewKey;
  readonly onClose: () => void;
}

/** Shows the secret of a new key this one time, where its maker looks. */
export function SecretAlert({ newKey: { name, secret }, onClose }: SecretAlertProps) {
  const place = useRef<HTMLElement>(null);
  const [state, copy] = useCopy(secret, place);
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => alert.current?.focus(), []);
  return (
    <Alert
      ref={alert}
      tabIndex={-1}
      variant="light"
      icon={<Icon name="key" />}
      title={`The key “${name}”`}
      role="status"
      withCloseButton
      closeButtonLabel="Hide the key"
      onClose={onClose}
    >
      <Text size="sm" mb="xs">
        Copy it now: it is shown only here and cannot be read again.
      </Text>
      <Group gap="xs">
        <Code ref={place} aria-label="Secret" style={{ overflowWrap: 'anywhere' }}>
          {secret}
        </Code>
        <Button size="compact-sm" variant="default" onClick={copy}>
          {state === 'copied' ? 'Copied' : 'Copy'}
        </Button>
        {state === 'selected' && (
          <Text size="sm">This browser copies nothing by itself here. The key is selected: press Ctrl + C.</Text>
        )}
      </Group>
    </Alert>
  );
}
