/** Says that something is done, with the way back where there is one. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const UNDO_TIME_MS = 12_000;

export function announce(message: string, undo?: () => void): void {
  const id = crypto.randomUUID();
  notifications.show({
    id,
    withBorder: true,
    autoClose: undo ? UNDO_TIME_MS : undefined,
    closeButtonProps: { 'aria-label': 'Close' },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        {undo && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            Undo
          </Button>
        )}
      </Group>
    ),
  });
}

export function announceFailure(message: string): void {
  notifications.show({ message, color: 'red', withBorder: true, closeButtonProps: { 'aria-label': 'Close' } });
}
