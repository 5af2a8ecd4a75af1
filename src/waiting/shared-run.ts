/** Work that all who ask for it in the meantime share. */

/**
 * Runs follow each other, so that the outcome of an older one never replaces that of a newer one.
 *
 * @returns A function that runs `work` from its beginning after each call, one run at a time. Calls that come during a run share the
 *   next one. A run that rejects rejects the calls that share it alone.
 */
export function sharedRun(work: () => Promise<void>): () => Promise<void> {
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
