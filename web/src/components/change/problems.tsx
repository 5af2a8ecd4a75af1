import { Alert, List } from '@mantine/core';

import { Icon } from '../icon/icon';
import type { Problem } from './use-change';

interface ProblemsProps {
  readonly problems: readonly Problem[];
  /** Whether it can be done all the same. */
  readonly isWarning?: boolean;
}

export function Problems({ problems, isWarning = false }: ProblemsProps) {
  if (problems.length === 0) return null;
  return (
    <Alert
      color={isWarning ? 'yellow' : 'red'}
      variant="light"
      icon={<Icon name="warning" />}
      role={isWarning ? 'status' : 'alert'}
    >
      {problems.length === 1 ? (
        problems[0].message
      ) : (
        <List size="sm">
          {problems.map(({ message }) => (
            <List.Item key={message}>{message}</List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}
