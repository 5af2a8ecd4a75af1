import { Alert, Button, Group } from '@mantine/core';

import { Icon } from '../icon/icon';
import { type Guard, useGuard } from './use-guard';

/** Says before one begins that the work will need another key. */
export function GuardNotice(guard: Guard) {
  const { isAllowed, text, ask } = useGuard(guard);
  if (isAllowed) return null;
  return (
    <Alert color="yellow" variant="light" icon={<Icon name="key" />} role="status">
      <Group justify="space-between">
        {text}
        <Button size="xs" variant="default" onClick={ask}>
          Use another key
        </Button>
      </Group>
    </Alert>
  );
}
