/**
 * Decides whether an operation may come in, by whoever asks for it. While lists wait long, or the event loop is late, only callers come in
 * that hold less than their share of what is in flight.
 */
import { setImmediate } from 'node:timers/promises';

import { Counts } from '../../models/math/counts';
import { OverloadedError } from '../errors';

/** A list that would wait longer is refused. A hundred users who ask at once are no overload: two cores serve them within a second. */
const MAX_LIST_WAIT_MS = 1_000;
/** A check of health waits for the operations that came before it, and is to be answered within 200 ms. */
const MAX_LOOP_WAIT_MS = 100;
/** So many are let in at any time: enough to keep the server busy while all others are refused, and a page that asks much at once. */
const MIN_IN_FLIGHT = 32;
/** How often the event loop is measured. A burst that it can do within this time is no overload. */
const WINDOW_MS = 500;
/** An event loop that has been idle for less than the rest could not have done more. */
const SATURATED = 0.95;
/** Node accepts one connection in each round of the event loop. So many rounds go by without work while others wait to be accepted. */
const MAX_IDLE_ROUNDS = 64;

export interface AdmissionParts {
  /** Operations in flight. One caller may have half of them. */
  readonly maxOperations: number;
  /** How long a list that is asked for now would wait; 0 while no model makes lists. */
  readonly expectedListWaitMs: () => number;
  readonly onRefusal: () => void;
}

/** Why an operation may not come in, and when its answer should be sent. */
export class Refusal {
  constructor(
    readonly retryAfterSeconds: number,
    readonly delayMs: number,
  ) {}

  error(): OverloadedError {
    return new OverloadedError(OVERLOADED_MESSAGE, this.retryAfterSeconds);
  }
}

export class Admission {
  private readonly byCaller = new Counts();
  private readonly clock = setInterval(() => this.measure(), WINDOW_MS).unref();
  private measuredAt = performance.now();
  private loop = performance.eventLoopUtilization();
  private isSaturated = false;
  /** Operations that have ended since the last measurement. */
  private ended = 0;
  private msPerOperation = 0;
  private total = 0;
  private connections = 0;

  constructor(private readonly parts: AdmissionParts) {}

  /** Operations that were let in and have not ended. */
  get inFlight(): number {
    return this.total;
  }

  /**
   * @param caller - A key, a user or an address.
   * @param hasKey - Whether a key was verified. Nobody makes up many of those, so its share is always kept.
   * @returns What is called when the operation has ended, or why it may not come in.
   */
  enter(caller: string, hasKey = false): (() => void) | Refusal {
    if (!this.hasRoomFor(caller, hasKey)) return this.refusal();
    this.byCaller.add(caller, 1);
    this.total++;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.byCaller.add(caller, -1);
      this.total--;
      this.ended++;
    };
  }

  /** Tells that the network has brought a connection. */
  connected(): void {
    this.connections++;
  }

  /** Lets waiting connections be accepted before more work begins: checks of health come by new ones. */
  async acceptOthers(): Promise<void> {
    let before = -1;
    // The first round may end before the network is looked at.
    for (let round = 0; this.isSaturated && round < MAX_IDLE_ROUNDS && this.connections !== before; round++) {
      if (round > 0) before = this.connections;
      await setImmediate();
    }
  }

  dispose(): void {
    clearInterval(this.clock);
  }

  private hasRoomFor(caller: string, hasKey: boolean): boolean {
    const { maxOperations } = this.parts;
    const own = this.byCaller.of(caller);
    if (this.total >= maxOperations || own >= Math.max(1, maxOperations / 2)) return false;
    const { load } = this;
    if (load <= 1 || this.total < MIN_IN_FLIGHT) return true;
    // With twice as much as there may be, fair shares do not help: many callers ask for little each.
    if (load > 2 && !hasKey && this.total >= 2 * MIN_IN_FLIGHT) return false;
    return own * this.byCaller.size < this.total;
  }

  private refusal(): Refusal {
    this.parts.onRefusal();
    const waitMs = Math.max(this.parts.expectedListWaitMs(), this.expectedLoopWaitMs);
    const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
    // Until the event loop is measured again, about: a client that waits for its answer sends nothing meanwhile.
    return new Refusal(retryAfterSeconds, this.load > 1 ? WINDOW_MS * (1 + 4 * Math.random()) : 0);
  }

  /** Above 1, an operation that comes in now would wait too long. */
  private get load(): number {
    return Math.max(this.parts.expectedListWaitMs() / MAX_LIST_WAIT_MS, this.expectedLoopWaitMs / MAX_LOOP_WAIT_MS);
  }

  /** How long an operation that comes in now would wait for the event loop. Little's law: as many end meanwhile as are in flight. */
  private get expectedLoopWaitMs(): number {
    return this.isSaturated ? this.total * this.msPerOperation : 0;
  }

  private measure(): void {
    const now = performance.now();
    const loop = performance.eventLoopUtilization();
    this.isSaturated = performance.eventLoopUtilization(loop, this.loop).utilization > SATURATED;
    const ms = (now - this.measuredAt) / Math.max(1, this.ended);
    this.msPerOperation = (this.msPerOperation + ms) / 2;
    [this.measuredAt, this.loop, this.ended] = [now, loop, 0];
  }
}

export const OVERLOADED_MESSAGE = 'server: expected less work than it can do, got more; try again later';
