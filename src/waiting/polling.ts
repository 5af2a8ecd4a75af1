/** Looks for something new at an interval. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface PollOptions {
  /** From the start of a poll to that of the next one. */
  readonly intervalMs: number;
  /** Called when a poll fails, but not again before one has succeeded. */
  readonly onFailure: (error: unknown) => void;
}

export interface Poller {
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
  let nextWaitMs = intervalMs;
  const wait = new Backoff(2 * intervalMs, MAX_INTERVAL_MS);
  let timer: NodeJS.Timeout;
  let polling: Promise<void> | null = null;
  const schedule = () => {
    polling = null;
    if (isDisposed) return;
    timer = setTimeout(work, nextWaitMs).unref();
  };
  const work = () => {
    const began = performance.now();
    const done = (hasMore: boolean | void) => {
      wait.afterSuccess();
      const tookMs = performance.now() - began;
      nextWaitMs = hasMore ? 0 : Math.max(intervalMs - tookMs, Math.min(tookMs, intervalMs));
    };
    const failed = (error: unknown) => {
      if (!wait.isFailing) onFailure(error);
      nextWaitMs = wait.afterFailure();
    };
    polling = poll().then(done, failed).then(schedule);
  };
  schedule();
  return {
    async dispose() {
      isDisposed = true;
      clearTimeout(timer);
      await polling;
    },
  };
}

/** How long to wait between attempts: after each failure twice as long as before, up to a limit. */
export class Backoff {
  private failures = 0;

  /** Any unit: milliseconds, or a number of rounds. */
  constructor(
    private readonly first: number,
    private readonly max: number,
  ) {}

  /** Whether an attempt has failed since the last success. */
  get isFailing(): boolean {
    return this.failures > 0;
  }

  /** Counts a failure. @returns How long to wait before the next attempt. */
  afterFailure(): number {
    return Math.min(this.first * 2 ** this.failures++, this.max);
  }

  afterSuccess(): void {
    this.failures = 0;
  }
}

/** Resolves when the time is over or the signal is aborted. The process may end meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
