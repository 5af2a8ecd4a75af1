import { useCallback } from 'react';

import { askForKey } from '../../app/key-store';
import { useViewer } from '../../app/use-viewer';

export interface Guard {
  /** What the server asks of whoever does this. */
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
