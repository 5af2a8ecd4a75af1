/** Says that something is done, with the way back where there is one, or that it failed. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

let shown = 0;

export function announce(message: string, undo?: () => void): void {
  show({ message, button: undo && ['Undo', undo] });
}

export function announceFailure(message: string, again?: () => void): void {
  show({ message, color: 'red', button: again && ['Try again', again] });
}

interface Announcement {
  readonly message: string;
  readonly color?: string;
  /** Its label and action. A message with a button stays until it is used or closed. */
  readonly button?: readonly [string, () => void];
}

function show({ message, color, button }: Announcement): void {
  const id = `announcement-${++shown}`;
  // It moves away for a moment, in which it can be clicked again.
  let isUsed = false;
  const use = () => {
    if (isUsed) return;
    isUsed = true;
    notifications.hide(id);
    button?.[1]();
  };
  notifications.show({
    id,
    color,
    autoClose: button ? false : undefined,
    withBorder: true,
    closeButtonProps: { 'aria-label': 'Close' },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" lineClamp={4}>
          {message}
        </Text>
        {button && (
          <Button size="compact-sm" variant="light" onClick={use}>
            {button[0]}
          </Button>
        )}
      </Group>
    ),
  });
}
