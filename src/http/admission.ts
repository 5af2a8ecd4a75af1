/** Lets operations in: who asks, whether they ask too often, and whether there is room. The same for both protocols. */
import { setImmediate, setTimeout } from 'node:timers/promises';

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import type { Caller } from '../../graphql/api-key/records';
import type { Context } from '../../graphql/context';
import { callerName, type ContextFor } from '../api/context';
import { createLife, type OperationLife } from '../api/deadline';
import { OverloadedError, PublicError } from '../errors';
import { Places, WINDOW_MS } from './places';

/** Node accepts one connection in each round of the event loop. So many rounds go by without work while others wait to be accepted. */
const MAX_IDLE_ROUNDS = 64;

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

interface AdmissionParts {
  readonly app: {
    callerOf(authorization: string | undefined): Promise<Caller>;
    readonly contextFor: ContextFor;
    /** How long a list that is asked for now would wait; 0 while no model makes lists. */
    expectedListWaitMs(): number;
  };
  /** Operations in flight. One caller may have half of them. */
  readonly maxOperations: number;
  /** Operations of one caller in a second. */
  readonly maxCallerRate: number;
  readonly onRefusal: () => void;
}

export class Admission {
  private readonly rate: RateLimiterMemory;
  private readonly places: Places;
  private connections = 0;

  constructor(private readonly parts: AdmissionParts) {
    this.rate = new RateLimiterMemory({ points: parts.maxCallerRate, duration: 1 });
    this.places = new Places(parts.maxOperations, () => parts.app.expectedListWaitMs());
  }

  /** Operations that were let in and have not ended. */
  get inFlight(): number {
    return this.places.taken;
  }

  /**
   * @param authorization - Finds the key; see access.ts.
   * @throws {PublicError} `UNAUTHENTICATED`, `TOO_MANY_OPERATIONS`, or `OVERLOADED` when the server has too much to do.
   */
  async enter(authorization: () => string | undefined, address: string, life = createLife()): Promise<Entered> {
    const caller = await this.callerOf(authorization, address);
    const name = callerName(caller, address);
    await this.spend(name);
    const leave = this.places.take(name, caller.key !== null);
    if (leave === null) throw await this.refusal();
    if (this.places.isSaturated) await this.acceptOthers();
    return { context: { ...this.parts.app.contextFor(caller, life.signal), life }, leave };
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
  async callerOf(authorization: () => string | undefined, address: string): Promise<Caller> {
    try {
      return await this.parts.app.callerOf(authorization());
    } catch (error) {
      await this.spend(address);
      throw error;
    }
  }

  /** Tells that the network has brought a connection. */
  connected(): void {
    this.connections++;
  }

  dispose(): void {
    this.places.dispose();
  }

  /** Lets waiting connections be accepted before more work begins: checks of health come by new ones. */
  private async acceptOthers(): Promise<void> {
    for (let round = 0; round < MAX_IDLE_ROUNDS; round++) {
      const before = this.connections;
      await setImmediate();
      // The first round may end before the network is looked at.
      if (round > 0 && this.connections === before) return;
    }
  }

  /** A client that waits for its answer sends nothing meanwhile, so it comes when the event loop is measured again, about. */
  private async refusal(): Promise<OverloadedError> {
    this.parts.onRefusal();
    const { load, expectedWaitMs } = this.places;
    if (load > 1) await setTimeout(WINDOW_MS * (1 + 4 * Math.random()), undefined, { ref: false });
    const message = 'server: expected less work than it can do, got more; try again later';
    return new OverloadedError(message, Math.max(1, Math.ceil(expectedWaitMs / 1_000)));
  }

  private tooMany({ msBeforeNext }: RateLimiterRes): PublicError {
    const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
    const { maxCallerRate } = this.parts;
    const message = `operations: expected at most ${maxCallerRate} a second from one caller, got more; try again in a second`;
    const headers = { 'retry-after': String(seconds) };
    return new PublicError('TOO_MANY_OPERATIONS', message, 429, headers, { retryAfterSeconds: seconds });
  }
}
