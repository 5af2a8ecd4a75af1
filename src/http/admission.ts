/**
 * Decides which operations may come in, before they are read. It starts them a few at a time, so that the server can answer other
 * requests in between.
 */
import { Counts } from '../../models/math/counts';
import { CancelledError, OverloadedError } from '../errors';

/** When an operation would wait longer than this for its start, the server has more work than it can do. */
const MAX_WAIT_MS = 300;
/**
 * How long an operation may wait in an overload, and how many may wait in any case: so a slow server with few clients serves all of them.
 * With a longer queue no answer would come sooner, and every refusal would come later. After Maurer, "Fail at Scale" (ACM Queue, 2015).
 */
const OVERLOAD_QUEUE = { waitMs: 10, few: 5 };
/** Where the event loop is overloaded, refusals wait anyway, and operations that run together take less of its time. */
const LOOP_BOUND_QUEUE = { waitMs: 30, few: 20 };
/** Then the longer queue is tried again: many clients that wait for their answers before they ask again are no overload. */
const OVERLOAD_MS = 1_000;
/** How much of the newest measurement goes into the mean time between two starts. */
const NEWEST_SHARE = 0.05;
/** Operations that start between two looks at the network: operations that run together take less time, looks included. */
const MIN_STARTS_PER_ROUND = 2;
const MAX_STARTS_PER_ROUND = 8;
/** How long those that start together may take, if they are more than the fewest. */
const MAX_ROUND_MS = 20;
/** An operation that takes longer than this after its start waits for something else than the event loop. */
const MAX_LOOP_BOUND_MS = 100;
/** Passes of the event loop in which nothing starts, so that waiting connections are accepted first. */
const MAX_IDLE_ROUNDS = 64;
/** A caller who takes longer than this to send a request gives its place back meanwhile. */
const QUICK_BODY_MS = 100;

export interface AdmissionLimits {
  /** Operations in flight: being read, waiting and running. */
  readonly maxOperations: number;
  /** Bytes of bodies that may be read at the same time. */
  readonly maxReadingBytes: number;
}

/** What one operation holds from its arrival to its answer. */
export interface Place {
  /**
   * Begins to read a body.
   *
   * @returns False when the bodies that are being read are too large together.
   * @throws {CancelledError} When the caller has left.
   */
  read(bytes: number): boolean;
  /**
   * Waits until the operation may start. After a body that was not there yet, it waits for its turn again.
   *
   * @throws {OverloadedError} When the caller took so long to send it that the place is gone.
   * @throws {CancelledError} When the caller has left, or leaves while the operation waits.
   */
  start(): Promise<void>;
  /** Gives the place back for good. An operation that waits does not start any more. */
  leave(): void;
}

/** An operation that has not started. */
interface Waiter {
  readonly start: () => void;
  readonly cancel: (reason: CancelledError) => void;
}

export class Admission {
  private inFlight = 0;
  private readingBytes = 0;
  private readonly byCaller = new Counts();
  /** In the order in which they came. */
  private readonly queue = new Set<Waiter>();
  /** The mean time between two starts while others wait. */
  private msPerStart = 1;
  private startedAt = 0;
  private overloadedAt = -OVERLOAD_MS;
  private isStarting = false;
  private hasNewConnection = false;
  private idleRoundsLeft = 0;

  constructor(private readonly limits: AdmissionLimits) {}

  /** Operations that were let in and have not started. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Whether the event loop is what is overloaded, and not what operations wait for after their start, such as decode workers. */
  get isLoopBound(): boolean {
    // As many start in the time that one takes as have started and not ended (Little's law).
    return (this.inFlight - this.queue.size) * this.msPerStart < MAX_LOOP_BOUND_MS;
  }

  /**
   * @param caller - Whom the operation counts for, such as an address. No caller may hold more than half of the places.
   * @returns Null when the operation is refused.
   */
  enter(caller: string): Place | null {
    return this.take(caller) ? this.placeOf(caller) : null;
  }

  private take(caller: string): boolean {
    const own = this.byCaller.of(caller);
    const { maxOperations } = this.limits;
    if (this.inFlight >= maxOperations || own >= Math.max(1, maxOperations / 2)) return false;
    // In times of overload, those who ask for little come in before those who ask for much.
    if (this.isBehind() && own * this.byCaller.size >= this.inFlight) return false;
    this.byCaller.add(caller, 1);
    this.inFlight++;
    return true;
  }

  /** Whether operations wait for too long. A queue that is too long at any time begins an overload. */
  private isBehind(): boolean {
    const { size } = this.queue;
    const waitMs = size * this.msPerStart;
    if (waitMs > MAX_WAIT_MS) {
      this.overloaded();
      return true;
    }
    const queue = this.isLoopBound ? LOOP_BOUND_QUEUE : OVERLOAD_QUEUE;
    if (waitMs <= queue.waitMs || size <= queue.few) return false;
    return performance.now() - this.overloadedAt < OVERLOAD_MS;
  }

  /** Tells that the server has more work than it can do: here, or in what operations wait for after their start, such as decode workers. */
  overloaded(): void {
    this.overloadedAt = performance.now();
  }

  private giveBack(caller: string): void {
    this.byCaller.add(caller, -1);
    this.inFlight--;
  }

  private placeOf(caller: string): Place {
    let isHeld = true;
    let hasLeft = false;
    let waiter: Waiter | null = null;
    let bytes = 0;
    let slowBody: NodeJS.Timeout | undefined;
    const setAside = () => {
      if (isHeld) this.giveBack(caller);
      isHeld = false;
    };
    // Nobody would give back what a caller takes after leaving.
    const mustStay = () => {
      if (hasLeft) throw new CancelledError();
    };
    const endReading = () => {
      clearTimeout(slowBody);
      this.readingBytes -= bytes;
      bytes = 0;
    };
    return {
      read: (size) => {
        mustStay();
        if (this.readingBytes + size > this.limits.maxReadingBytes) return false;
        this.readingBytes += bytes = size;
        slowBody = setTimeout(setAside, QUICK_BODY_MS);
        return true;
      },
      start: async () => {
        endReading();
        mustStay();
        if (!isHeld && !this.take(caller)) throw new OverloadedError(OVERLOADED_MESSAGE);
        isHeld = true;
        await new Promise<void>((start, cancel) => this.wait((waiter = { start, cancel })));
      },
      leave: () => {
        hasLeft = true;
        endReading();
        setAside();
        if (waiter !== null && this.queue.delete(waiter)) waiter.cancel(new CancelledError());
      },
    };
  }

  private wait(waiter: Waiter): void {
    this.queue.add(waiter);
    if (this.isStarting) return;
    this.isStarting = true;
    this.startedAt = performance.now();
    setImmediate(() => this.startSome());
  }

  /** Tells that the network has brought a connection. */
  connected(): void {
    this.hasNewConnection = true;
  }

  private startSome(): void {
    // Node takes one connection in each round of the event loop. Work would make each waiting connection wait for a round of its own.
    if (this.hasNewConnection && this.idleRoundsLeft > 0) {
      this.hasNewConnection = false;
      this.idleRoundsLeft--;
      return void setImmediate(() => this.startSome());
    }
    this.idleRoundsLeft = MAX_IDLE_ROUNDS;
    const first = this.takeFirst();
    // All who waited may have left.
    if (first.length > 0) this.measure(first.length);
    for (const { start } of first) start();
    this.isStarting = this.queue.size > 0;
    if (this.isStarting) setImmediate(() => this.startSome());
  }

  private takeFirst(): Waiter[] {
    const count = this.startsPerRound();
    const first: Waiter[] = [];
    for (const waiter of this.queue) {
      if (first.length === count) break;
      first.push(waiter);
      this.queue.delete(waiter);
    }
    return first;
  }

  /** Where operations wait for something else, the network is looked at more often, so that refusals come sooner. */
  private startsPerRound(): number {
    if (!this.isLoopBound) return MIN_STARTS_PER_ROUND;
    const inTime = Math.floor(MAX_ROUND_MS / this.msPerStart);
    return Math.max(MIN_STARTS_PER_ROUND, Math.min(inTime, MAX_STARTS_PER_ROUND));
  }

  private measure(starts: number): void {
    const now = performance.now();
    // A process that was stopped for a minute did not take a minute for its work.
    const ms = Math.min((now - this.startedAt) / starts, MAX_WAIT_MS);
    this.msPerStart += NEWEST_SHARE * (ms - this.msPerStart);
    this.startedAt = now;
  }
}

export const OVERLOADED_MESSAGE = 'server: expected less work than it can do, got more; try again later';
