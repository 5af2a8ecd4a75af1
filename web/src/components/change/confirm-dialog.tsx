import { Button, Group, Stack, Text } from '@mantine/core';
import { type ReactNode, useState, useRef } from 'react';

import { ChangeDialog } from './dialog';
import { Problems } from './problems';
import type { Problem } from './use-change';

interface ConfirmDialogProps {
  readonly isOpen: boolean;
  readonly title: string;
  /** Says what will happen, and whether it can be undone. */
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

interface Confirmation {
  readonly problems: readonly Problem[];
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/**
 * For a `ConfirmDialog`: it closes when the deed is done, says what was wrong otherwise, and forgets that when it is closed.
 *
 * @param deed - What is confirmed. It answers what was wrong with it: nothing when it is done.
 */
export function useConfirmation(onClose: () => void, deed: () => Promise<readonly Problem[]>): Confirmation {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const close = () => {
    setProblems([]);
    onClose();
  };
  const confirm = async () => {
    const found = await deed();
    if (found.length > 0) setProblems(found);
    else close();
  };
  return { problems, onConfirm: () => void confirm(), onClose: close };
}

/** For a dialog that closes: it still shows its question while it fades. @returns The value; while it is null, the one before. */
export function useLast<T>(value: T | null): T | null {
  const last = useRef(value);
  if (value !== null) last.current = value;
  return last.current;
}
