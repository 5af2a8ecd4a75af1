/** Limits how many operations one caller may begin in a second: by a token bucket, which holds a second's worth. */
import { LRUCache } from 'lru-cache';

import type { Caller } from '../../graphql/api-key/records';
import { callerName } from '../api/caller-name';
import { PublicError } from '../errors';

const SECOND_MS = 1_000;
/** Those who have called least lately are forgotten, so that a flood of addresses takes no more memory. */
const MAX_CALLERS = 100_000;
/** Sums of fractions of a second are not exact. */
const TOLERANCE_MS = 1e-6;

export interface CallerRate {
  /**
   * @param caller - Null when nobody knows who calls; the address then counts, as it does for callers without a key.
   * @throws {PublicError} `TOO_MANY_OPERATIONS`, when the caller's bucket is empty.
   */
  spend(caller: Caller | null, address: string): void;
}

/** @param now - Milliseconds; only differences count. */
export function createCallerRate(perSecond: number, now = () => performance.now()): CallerRate {
  /** Caller → when its bucket will be full again, if it spends nothing more. */
  const fullAt = new LRUCache<string, number>({ max: MAX_CALLERS });
  return {
    spend(caller, address) {
      const name = callerName(caller, address);
      const [present, before] = [now(), fullAt.get(name) ?? -Infinity];
      const after = Math.max(before, present) + SECOND_MS / perSecond;
      if (after - present > SECOND_MS + TOLERANCE_MS) throw tooMany(perSecond);
      fullAt.set(name, after);
    },
  };
}

function tooMany(perSecond: number): PublicError {
  const message = `operations: expected at most ${perSecond} a second from one caller, got more; try again in a second`;
  return new PublicError('TOO_MANY_OPERATIONS', message, 429, { 'retry-after': '1' }, { retryAfterSeconds: 1 });
}
