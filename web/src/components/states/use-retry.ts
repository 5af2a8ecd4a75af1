import { useEffect, useRef } from 'react';
import type { CombinedError } from 'urql';

import { growingWaitMs, secondsToWait } from './retry-after';

/**
 * Asks again by itself for what failed and may be had in a moment.
 *
 * @param error - Another object for each failure; it stays while `ask` is under way, so that each wait is longer than the one before.
 */
export function useRetry(error: CombinedError | null | undefined, ask: () => void): void {
  const attempts = useRef(0);
  const asking = useRef(ask);
  asking.current = ask;
  useEffect(() => {
    if (!error) attempts.current = 0;
    const seconds = error ? secondsToWait(error) : null;
    if (seconds === null) return;
    const timer = setTimeout(() => asking.current(), growingWaitMs(seconds, attempts.current++));
    return () => clearTimeout(timer);
  }, [error]);
}
