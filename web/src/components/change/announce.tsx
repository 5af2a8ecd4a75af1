/** Says that something is done, with the way back where there is one, or that it failed. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const UNDO_TIME_MS = 12_000;

let shown = 0;

export function announce(message: string, undo?: () => void): void {
  show({ message, button: undo && ['Undo', undo], autoClose: undo ? UNDO_TIME_MS : undefined });
}

/** @param again - Tries once more; the message then stays until somebody closes it. */
export function announceFailure(message: string, again?: () => void): void {
  show({ message, color: 'red', button: again && ['Try again', again], autoClose: again ? false : undefined });
}

interface Announcement {
  readonly message: string;
  readonly color?: string;
  /** What stands on it, and what it does. */
  readonly button?: readonly [string, () => void];
  readonly autoClose?: number | false;
}

function show({ message, color, button, autoClose }: Announcement): void {
  const id = `announcement-${++shown}`;
  notifications.show({
    id,
    color,
    autoClose,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close' },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" lineClamp={4}>
          {message}
        </Text>
        {button && (
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(id);
              button[1]();
            }}
          >
            {button[0]}
          </Button>
        )}
      </Group>
    ),
  });
}
