import { useState } from 'react';

import type { Problem } from './problem';

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
