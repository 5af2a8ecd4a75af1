/** Limits how many operations one caller may begin in a second. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import { PublicError } from '../errors';

export interface CallerRate {
  /** @throws {PublicError} `TOO_MANY_OPERATIONS`, when the caller has used up this second. */
  spend(caller: string): Promise<void>;
}

export function createCallerRate(perSecond: number): CallerRate {
  const limiter = new RateLimiterMemory({ points: perSecond, duration: 1 });
  return {
    async spend(caller) {
      try {
        await limiter.consume(caller);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const message = `operations: expected at most ${perSecond} a second from one caller`;
        throw new PublicError('TOO_MANY_OPERATIONS', message, 429, { 'retry-after': '1' });
      }
    },
  };
}
