/**
 * Places of operations in flight. While lists wait long, or the event loop is late, only callers get one that hold less than their share of
 * what is in flight.
 */
import { Counts } from '../../models/math/counts';

/** A list that would wait longer is refused. A hundred users who ask at once are no overload: two cores serve them within a second. */
const MAX_LIST_WAIT_MS = 1_000;
/** A check of health waits for the operations that came before it, and is to be answered within 200 ms. */
const MAX_LOOP_WAIT_MS = 100;
/** So many are let in at any time: enough to keep the server busy while all others are refused, and a page that asks much at once. */
const MIN_IN_FLIGHT = 32;
/** How often the event loop is measured. A burst that it can do within this time is no overload. */
export const WINDOW_MS = 500;
/** An event loop that has been idle for less than the rest could not have done more. */
const SATURATED = 0.95;

/** The places of operations in flight, and who holds how many. */
export class Places {
  private readonly byCaller = new Counts();
  private readonly clock = setInterval(() => this.measure(), WINDOW_MS).unref();
  private measuredAt = performance.now();
  private loop = performance.eventLoopUtilization();
  /** Whether the event loop had no idle moment in the last window. */
  isSaturated = false;
  /** Operations that have ended since the last measurement. */
  private ended = 0;
  private msPerOperation = 0;
  taken = 0;

  constructor(
    private readonly max: number,
    private readonly expectedListWaitMs: () => number,
  ) {}

  /**
   * @param caller - A key, a user or an address.
   * @param hasKey - Whether a key was verified. Nobody makes up many of those, so its share is always kept.
   * @returns What gives the place back, or null when there is none for this caller.
   */
  take(caller: string, hasKey = false): (() => void) | null {
    if (!this.hasRoomFor(caller, hasKey)) return null;
    this.byCaller.add(caller, 1);
    this.taken++;
    let isIn = true;
    return () => {
      if (!isIn) return;
      isIn = false;
      this.byCaller.add(caller, -1);
      this.taken--;
      this.ended++;
    };
  }

  /** Above 1, an operation that comes in now would wait too long. */
  get load(): number {
    return Math.max(this.expectedListWaitMs() / MAX_LIST_WAIT_MS, this.expectedLoopWaitMs / MAX_LOOP_WAIT_MS);
  }

  /** How long an operation that comes in now would wait. */
  get expectedWaitMs(): number {
    return Math.max(this.expectedListWaitMs(), this.expectedLoopWaitMs);
  }

  dispose(): void {
    clearInterval(this.clock);
  }

  private hasRoomFor(caller: string, hasKey: boolean): boolean {
    const own = this.byCaller.of(caller);
    if (this.taken >= this.max || own >= Math.max(1, this.max / 2)) return false;
    const { load } = this;
    if (load <= 1 || this.taken < MIN_IN_FLIGHT) return true;
    // With twice as much as there may be, fair shares do not help: many callers ask for little each.
    if (load > 2 && !hasKey && this.taken >= 2 * MIN_IN_FLIGHT) return false;
    return own * this.byCaller.size < this.taken;
  }

  /** How long it would wait for the event loop. Little's law: as many end meanwhile as are in flight. */
  private get expectedLoopWaitMs(): number {
    return this.isSaturated ? this.taken * this.msPerOperation : 0;
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
