import { Alert, Button, type ButtonProps, Group } from '@mantine/core';
import { type ReactNode, useCallback } from 'react';

import { askForKey } from '../../app/key-store';
import { useViewer } from '../../app/use-viewer';
import { Icon } from '../icon/icon';

export interface Guard {
  /** The role that the server asks for. */
  readonly needs: 'WRITER' | 'ADMIN';
  /** Completes "… needs a key", such as `Adding items`. */
  readonly deed: string;
}

/** @returns Whether the key allows the deed, what it would need, and what asks for such a key. */
export function useGuard({ needs, deed }: Guard): { isAllowed: boolean; text: string; ask: () => void } {
  const { mayWrite, isAdmin, isKnown } = useViewer();
  // The server has the last word while it has not told the role, as when it fails.
  const isAllowed = !isKnown || (needs === 'ADMIN' ? isAdmin : mayWrite);
  const text = `${deed} needs a key of role ${needs === 'ADMIN' ? 'admin' : 'writer or admin'}.`;
  const ask = useCallback(() => askForKey(text), [text]);
  return { isAllowed, text, ask };
}

interface GuardedButtonProps extends ButtonProps, Guard {
  readonly 'aria-label'?: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** Does something that needs a key; without one it asks for it. */
export function GuardedButton({ needs, deed, onClick, children, ...rest }: GuardedButtonProps) {
  const { isAllowed, ask } = useGuard({ needs, deed });
  return (
    <Button {...rest} onClick={isAllowed ? onClick : ask}>
      {children}
    </Button>
  );
}

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

export const ADDING: Guard = { needs: 'ADMIN', deed: 'Adding items' };
