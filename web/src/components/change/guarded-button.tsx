import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';

import { askForKey } from '../../app/key-store';
import { useViewer } from '../../app/use-viewer';

interface GuardedButtonProps extends ButtonProps {
  /** What the server asks of whoever does this. */
  readonly needs: 'WRITER' | 'ADMIN';
  /** Completes "… needs a key", such as `Adding items`. */
  readonly deed: string;
  readonly 'aria-label'?: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** Does something that needs a key; without one it asks for it. */
export function GuardedButton({ needs, deed, onClick, children, ...rest }: GuardedButtonProps) {
  const { mayWrite, isAdmin, isKnown } = useViewer();
  const isAllowed = !isKnown || (needs === 'ADMIN' ? isAdmin : mayWrite);
  const ask = () => askForKey(`${deed} needs a key of role ${needs === 'ADMIN' ? 'admin' : 'writer or admin'}.`);
  return (
    <Button {...rest} onClick={isAllowed ? onClick : ask}>
      {children}
    </Button>
  );
}
