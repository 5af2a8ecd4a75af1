import { Alert, Button, Code, CopyButton, Group, Text } from '@mantine/core';

import { Icon } from '../../components/icon/icon';
import type { NewKey } from './new-key';

interface SecretAlertProps {
  readonly newKey: NewKey;
  readonly onClose: () => void;
}

/** Shows the secret of a new key this one time. */
export function SecretAlert({ newKey: { name, secret }, onClose }: SecretAlertProps) {
  return (
    <Alert
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
        <Code aria-label="Secret" style={{ overflowWrap: 'anywhere' }}>
          {secret}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Alert>
  );
}
