/** Looks for something new at an interval, and at once after a hint. */
import { GrowingWait } from './growing-wait';

export interface PollOptions {
  /** From the start of a poll to that of the next one when nothing hints at a change. */
  readonly intervalMs: number;
  /** Called when a poll fails, but not again before one has succeeded. */
  readonly onFailure: (error: unknown) => void;
}

export interface Poller {
  /** Polls soon, since there may be something new. */
  wake(): void;
  dispose(): Promise<void>;
}

const MAX_INTERVAL_MS = 10_000;

/**
 * Polls until it is disposed, one poll at a time. After each poll that fails it waits twice as long as before. It waits at least as
 * long as a slow poll has taken, up to the interval, so that a slow database gets some rest.
 *
 * @param poll - Returns true when there is more to do at once.
 */
export function startPolling(poll: () => Promise<boolean | void>, { intervalMs, onFailure }: PollOptions): Poller {
  let isDisposed = false;
  let isHinted = false;
  let nextWaitMs = intervalMs;
  const wait = new GrowingWait(2 * intervalMs, MAX_INTERVAL_MS);
  let timer: NodeJS.Timeout;
  let polling: Promise<void> | null = null;
  const schedule = () => {
    polling = null;
    if (isDisposed) return;
    timer = setTimeout(work, isHinted && !wait.isFailing ? 0 : nextWaitMs).unref();
  };
  const work = () => {
    isHinted = false;
    const began = performance.now();
    const done = (hasMore: boolean | void) => {
      wait.afterSuccess();
      const tookMs = performance.now() - began;
      nextWaitMs = Math.max(intervalMs - tookMs, Math.min(tookMs, intervalMs));
      isHinted ||= hasMore === true;
    };
    const failed = (error: unknown) => {
      if (!wait.isFailing) onFailure(error);
      nextWaitMs = wait.afterFailure();
    };
    polling = poll().then(done, failed).then(schedule);
  };
  schedule();
  return {
    wake() {
      isHinted = true;
      if (polling !== null || isDisposed) return;
      clearTimeout(timer);
      work();
    },
    async dispose() {
      isDisposed = true;
      clearTimeout(timer);
      await polling;
    },
  };
}
