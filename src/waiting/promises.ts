/** Promises that are waited for no longer than needed, and work that is shared by its callers. */

/** @returns What the promise gives, or `instead` when that takes longer. The process may end meanwhile. */
export function withTimeout<T, I>(timeoutMs: number, promise: Promise<T>, instead: I): Promise<T | I> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, timeoutMs, instead).unref();
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @returns A function that opens once for all its calls. After a failure the next call tries again. */
export function openOnce<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | null = null;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
}

/**
 * Runs follow each other, so that the outcome of an older one never replaces that of a newer one.
 *
 * @returns A function that runs `work` from its beginning after each call, one run at a time. Calls that come during a run share the
 *   next one. A run that rejects rejects the calls that share it alone.
 */
export function shareRuns(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  const runNext = async () => {
    await running;
    next = null;
    const run = work();
    running = run.catch(() => undefined);
    return run;
  };
  return () => (next ??= runNext());
}

/** @returns What the promise gives; rejects with the signal's reason when the signal is aborted first. */
export function untilAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
