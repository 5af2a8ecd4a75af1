/**
 * Decides whether an operation may come in, by whoever asks for it. While lists wait long, or the event loop is late, only callers come in
 * that hold less than their share of what is in flight.
 */
import { Counts } from '../../models/math/counts';
import { OverloadedError } from '../errors';

/** A list that would wait longer is refused, so that those that are let in come within a second. */
const MAX_LIST_WAIT_MS = 600;
/** A check of health waits for the operations that came before it, and is to be answered within 200 ms. */
const MAX_LOOP_DELAY_MS = 60;
/** So many are let in at any time: enough to keep the server busy while all others are refused. */
const MIN_IN_FLIGHT = 8;
/** While the event loop is late, a refusal waits about so long: a client that waits for its answer sends nothing meanwhile. */
const REFUSAL_DELAY_MS = 1_000;
/** How often the event loop should come to its clock. */
const TICK_MS = 10;
/** The share of a delay that still counts one tick later: a single long operation is no overload. */
const DELAY_LEFT = 0.8;

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
    readonly error: OverloadedError,
    readonly delayMs: number,
  ) {}
}

export class Admission {
  private readonly byCaller = new Counts();
  private readonly clock: NodeJS.Timeout;
  private tickedAt = performance.now();
  private recentDelayMs = 0;
  private total = 0;

  constructor(private readonly parts: AdmissionParts) {
    this.clock = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** Operations that were let in and have not ended. */
  get inFlight(): number {
    return this.total;
  }

  /**
   * @param caller - A key, a user or an address.
   * @returns What is called when the operation has ended, or why it may not come in.
   */
  enter(caller: string): (() => void) | Refusal {
    if (!this.hasRoomFor(caller)) return this.refusal();
    this.byCaller.add(caller, 1);
    this.total++;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.byCaller.add(caller, -1);
      this.total--;
    };
  }

  dispose(): void {
    clearInterval(this.clock);
  }

  private hasRoomFor(caller: string): boolean {
    const { maxOperations } = this.parts;
    const own = this.byCaller.of(caller);
    if (this.total >= maxOperations || own >= Math.max(1, maxOperations / 2)) return false;
    const load = Math.max(this.parts.expectedListWaitMs() / MAX_LIST_WAIT_MS, this.loopDelayMs / MAX_LOOP_DELAY_MS);
    if (load <= 1 || this.total < MIN_IN_FLIGHT) return true;
    // With twice as much as there may be, fair shares do not help: many callers ask for little each.
    return load <= 2 && own * this.byCaller.size < this.total;
  }

  private refusal(): Refusal {
    this.parts.onRefusal();
    const waitMs = Math.max(this.parts.expectedListWaitMs(), this.loopDelayMs);
    const isLoopLate = this.loopDelayMs > MAX_LOOP_DELAY_MS;
    const error = new OverloadedError(OVERLOADED_MESSAGE, Math.max(1, Math.ceil(waitMs / 1_000)));
    // At random, so that clients that were refused together do not come back together.
    return new Refusal(error, isLoopLate ? REFUSAL_DELAY_MS * (0.5 + Math.random()) : 0);
  }

  private tick(): void {
    this.recentDelayMs = Math.max(this.lateMs, DELAY_LEFT * this.recentDelayMs);
    this.tickedAt = performance.now();
  }

  /** How late the clock is by now. A burst of requests comes before the next tick, so Node's own histogram would tell too late. */
  private get lateMs(): number {
    return Math.max(0, performance.now() - this.tickedAt - TICK_MS);
  }

  private get loopDelayMs(): number {
    return Math.max(this.lateMs, this.recentDelayMs);
  }
}

const OVERLOADED_MESSAGE = 'server: expected less work than it can do, got more; try again later';
