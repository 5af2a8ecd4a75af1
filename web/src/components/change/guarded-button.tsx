import { Button, type ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';

import { type Guard, useGuard } from './use-guard';

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
