import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { ChangeDialog } from './change-dialog';
import type { Problem } from './problem';
import { Problems } from './problems';

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** What will happen, by name, and whether it can be undone. */
  readonly children: ReactNode;
  /** On the button, such as `Remove 3 items`. */
  readonly deed: string;
  readonly isRunning?: boolean;
  /** Whether all is known that is asked about. */
  readonly isReady?: boolean;
  readonly problems?: readonly Problem[];
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something is done that other people will notice. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, title, children, deed, isRunning = false, isReady = true, problems = [] } = props;
  const { onConfirm, onClose } = props;
  return (
    <ChangeDialog opened={isOpen} isRunning={isRunning} onClose={onClose} title={title}>
      <Stack>
        <Text component="div" size="sm">
          {children}
        </Text>
        <Problems problems={problems} />
        <Group justify="flex-end">
          <Button variant="default" disabled={isRunning} onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red.8" loading={isRunning} disabled={!isReady} onClick={onConfirm}>
            {deed}
          </Button>
        </Group>
      </Stack>
    </ChangeDialog>
  );
}
