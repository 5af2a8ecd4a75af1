import { Alert, Button, Group, Loader, Text } from '@mantine/core';
import type { CombinedError } from 'urql';

import { useConnectionState } from '../../app/connection';
import { askForKey, useKey } from '../../app/key-store';
import { Icon } from '../icon/icon';
import { describeError, isRefused } from './describe-error';
import { secondsToWait } from './retry';

interface FailureProps {
  readonly error: CombinedError;
  /** The whole sentence, such as `The items could not be loaded`. */
  readonly title: string;
  readonly onRetry: () => void;
}

/**
 * Says what failed, why, and offers to try again, or with another key. What passes by itself is tried again by the hook that asked: see
 * `useRetry`.
 */
export function Failure({ error, title, onRetry }: FailureProps) {
  const hasKey = useKey() !== null;
  const connection = useConnectionState();
  if (isRefused(error) && connection === 'refused') return null; // the line across the page says it once for all
  if (isRefused(error)) {
    const heading = hasKey ? 'This needs another key' : 'This needs a key';
    return (
      <Alert color="yellow" variant="light" icon={<Icon name="key" />} title={heading} role="alert">
        <Group justify="space-between" gap="sm">
          <Text size="sm">{title}.</Text>
          <Button variant="default" size="xs" onClick={() => askForKey()}>
            {hasKey ? 'Use another key' : 'Use an API key'}
          </Button>
        </Group>
      </Alert>
    );
  }
  const passes = secondsToWait(error) !== null;
  const color = passes ? 'yellow' : 'red';
  const icon = passes ? <Loader size={16} color={color} /> : <Icon name="warning" />;
  return (
    <Alert color={color} variant="light" icon={icon} title={title} role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {describeError(error)} {passes && 'It is tried again in a moment.'}
        </Text>
        <Button variant="default" size="xs" onClick={() => onRetry()}>
          {passes ? 'Try now' : 'Try again'}
        </Button>
      </Group>
    </Alert>
  );
}
