/** Lets operations in: who asks, whether they ask too often, and whether there is room. The same for both protocols. */
import { setTimeout } from 'node:timers/promises';

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import type { Context } from '../../graphql/context';
import { callerName, type CreateContext } from '../api/context';
import { createLife, type OperationLife } from '../api/deadline';
import { PublicError } from '../errors';
import { type Admission, Refusal } from './admission';

/** The context of an operation, and its life, which its transport ends. */
export interface OperationContext extends Context {
  readonly life: OperationLife;
}

/** An operation that was let in. */
export interface Entered {
  readonly context: OperationContext;
  /** Gives its place back. */
  readonly leave: () => void;
}

export interface EntryParts {
  readonly app: { readonly createContext: CreateContext };
  readonly admission: Admission;
  readonly maxCallerRate: number;
}

export class Entry {
  private readonly rate: RateLimiterMemory;

  constructor(private readonly parts: EntryParts) {
    this.rate = new RateLimiterMemory({ points: parts.maxCallerRate, duration: 1 });
  }

  /**
   * @param authorization - Finds the key; see access.ts.
   * @returns The refusal of a server that has too much to do.
   * @throws {PublicError} `UNAUTHENTICATED` or `TOO_MANY_OPERATIONS`.
   */
  async enter(
    authorization: () => string | undefined,
    address: string,
    life = createLife(),
  ): Promise<Entered | Refusal> {
    const context = await this.contextOf(authorization, address, life.signal);
    const caller = callerName(context.caller, address);
    await this.spend(caller);
    const entered = this.parts.admission.enter(caller, context.caller.key !== null);
    if (!(entered instanceof Refusal)) {
      await this.parts.admission.acceptOthers();
      return { context: { ...context, life }, leave: entered };
    }
    if (entered.delayMs > 0) await setTimeout(entered.delayMs, undefined, { ref: false });
    return entered;
  }

  /** @throws {PublicError} `TOO_MANY_OPERATIONS`. */
  async spend(caller: string): Promise<void> {
    try {
      await this.rate.consume(caller);
    } catch (error) {
      throw error instanceof RateLimiterRes ? this.tooMany(error) : error;
    }
  }

  /** A caller whose key does not hold counts for its address. */
  async contextOf(authorization: () => string | undefined, address: string, signal?: AbortSignal): Promise<Context> {
    try {
      return await this.parts.app.createContext(authorization(), signal);
    } catch (error) {
      await this.spend(address);
      throw error;
    }
  }

  private tooMany({ msBeforeNext }: RateLimiterRes): PublicError {
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
    const { maxCallerRate } = this.parts;
    const message = `operations: expected at most ${maxCallerRate} a second from one caller, got more; try again in a second`;
    const headers = { 'retry-after': String(seconds) };
    return new PublicError('TOO_MANY_OPERATIONS', message, 429, headers, { retryAfterSeconds: seconds });
  }
}
