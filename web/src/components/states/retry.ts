import { useEffect, useRef } from 'react';
import type { CombinedError } from 'urql';

/** With these the server refuses now what it may do in a moment. */
const PASSING = ['OVERLOADED', 'TRY_AGAIN', 'DATABASE_UNAVAILABLE'];

interface SomeError {
  readonly extensions?: { readonly [name: string]: unknown };
}

/** @param errors - Those of one answer. @returns After how many seconds to ask again; null: asking again is of no use. */
export function retryAfterOf(errors: readonly SomeError[]): number | null {
  for (const { extensions } of errors) {
    if (typeof extensions?.retryAfterSeconds === 'number') return extensions.retryAfterSeconds;
    if (PASSING.includes(String(extensions?.code))) return 1;
  }
  return null;
}

/** The statuses with which a proxy answers while the server is away. */
const AWAY = [502, 503, 504];
/** The wait after the first attempt without an answer. */
const SECONDS_WITHOUT_ANSWER = 2;

/** @returns After how many seconds to ask again; null: asking again is of no use. */
export function secondsToWait({ graphQLErrors, networkError, response }: CombinedError): number | null {
  const { status } = (response ?? {}) as { readonly status?: number };
  const isAway = networkError !== undefined && (status === undefined || AWAY.includes(status));
  return retryAfterOf(graphQLErrors) ?? (isAway ? SECONDS_WITHOUT_ANSWER : null);
}

const LONGEST_WAIT_SECONDS = 30;

/**
 * @param seconds - As the server wants it.
 * @param attempt - How often it was asked again before.
 * @returns Each time twice as long, up to half a minute; never shorter than the server wants it.
 */
export function growingWaitMs(seconds: number, attempt: number): number {
  return 1_000 * Math.max(seconds, Math.min(LONGEST_WAIT_SECONDS, seconds * 2 ** attempt));
}

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
