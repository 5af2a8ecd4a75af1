import { Alert, Button, Group, Text } from '@mantine/core';
import type { CombinedError } from 'urql';

import { Icon } from '../icon/icon';
import { describeError } from './describe-error';

interface FailureProps {
  readonly error: CombinedError;
  /** What could not be done, such as `The items could not be loaded`. */
  readonly title: string;
  readonly onRetry?: () => void;
}

/** Says what failed, why, and offers to try again. */
export function Failure({ error, title, onRetry }: FailureProps) {
  return (
    <Alert color="red" variant="light" icon={<Icon name="warning" />} title={title} role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{describeError(error)}</Text>
        {onRetry && (
          <Button variant="default" size="xs" onClick={() => onRetry()}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
