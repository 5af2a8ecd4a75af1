/** Limits how many operations one caller may begin in a second. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import type { Caller } from '../../graphql/api-key/records';
import { PublicError } from '../errors';

export interface CallerRate {
  /**
   * @param caller - Null when nobody knows who calls; the address then counts, as it does for callers without a key.
   * @throws {PublicError} `TOO_MANY_OPERATIONS`, when the caller has used up this second.
   */
  spend(caller: Caller | null, address: string): Promise<void>;
}

export function createCallerRate(perSecond: number): CallerRate {
  const limiter = new RateLimiterMemory({ points: perSecond, duration: 1 });
  return {
    async spend(caller, address) {
      try {
        await limiter.consume(nameOf(caller, address));
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const message = `operations: expected at most ${perSecond} a second from one caller`;
        throw new PublicError('TOO_MANY_OPERATIONS', message, 429, { 'retry-after': '1' });
      }
    },
  };
}

/** Not the text of the key or token: the same one can be written in many ways. */
function nameOf(caller: Caller | null, address: string): string {
  if (caller?.key) return `key ${caller.key.id}`;
  return caller?.userExternalId ? `user ${caller.userExternalId}` : address;
}
