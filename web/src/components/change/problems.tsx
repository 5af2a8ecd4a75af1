import { Alert, List } from '@mantine/core';

import { Icon } from '../icon/icon';
import type { Problem } from './use-change';

export function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <Alert color="red" variant="light" icon={<Icon name="warning" />} role="alert">
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
