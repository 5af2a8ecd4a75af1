/** The queue of users that wait for a list. Decode workers make the lists in batches; they hold one model, live or not, with its trie. */
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';

import type { Asker } from '../../graphql/context';
import type { KnownItems } from '../../models/checkpoint/known-items';
import { DECODE_BATCH } from '../../models/config';
import { Counts } from '../../models/math/counts';
import { OverloadedError } from '../errors';
import { addSpan, traced } from '../tracing';
import type {
  VersionedList,
  RecommendOne,
  RecommendReply,
  TextDirectionsReply,
  TextDirectionsRequest,
} from '../workers/messages';
import { BatchPace } from './batch-pace';
import { CallerTurns } from './caller-turns';
import { type DecodePool, type DecodeWorker, WorkerLostError } from './decode-pool';

/** A list that is expected to take longer, its wait included, is refused at once: so an answer comes within a second. */
const MAX_LIST_MS = 600;
/**
 * Beside a worker that makes lists, another one begins only with this much work. Lists of a small model cost less than to wake a thread
 * for each: two workers with batches of 3 made fewer lists than one with batches of 8.
 */
const MIN_WORK_MS = 10;
/** A request whose worker ends is tried once more: one that ends every worker must not end them all. */
const MAX_ATTEMPTS = 2;

/** Whom lists count for that the process itself asks for, as a command does. */
const NOBODY = '';

/** Lists, the time in which a worker made them, and the number of users of their batch. */
interface MadeLists extends RecommendReply {
  readonly batchUsers: number;
}

interface Waiting {
  readonly caller: string;
  /** They go into one batch, so that one version makes all their lists. */
  readonly users: readonly RecommendOne[];
  readonly resolve: (made: MadeLists) => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
}

/** What is counted of each batch. */
export type OnBatch = (users: number, seconds: number) => void;

export class ListQueue {
  private readonly waiting = new CallerTurns<Waiting>();
  /** Caller → users who were let in and have no list yet, without those whose lists are being made. */
  private readonly pending = new Counts();
  /** Users whose lists are being made. */
  private runningUsers = 0;
  /** How long a batch took from call to reply while other users waited, so while all workers had work. */
  private readonly pace = new BatchPace();
  /** How long a batch took in the worker alone. */
  private readonly work = new BatchPace();
  private isDispatching = false;
  /** The timer of users who wait for a busy worker although another one is idle. */
  private patience: NodeJS.Timeout | null = null;

  constructor(
    private readonly pool: DecodePool,
    private readonly onBatch: OnBatch = () => undefined,
  ) {}

  /** The model version that answers; null while no model does. */
  get modelVersionId(): number | null {
    return this.pool.modelVersionId;
  }

  /** The items that it has learned; null while no model answers. */
  get knownItems(): KnownItems | null {
    return this.pool.knownItems;
  }

  /** Users that wait for a decode worker. */
  get waitingUsers(): number {
    return this.waiting.users;
  }

  /**
   * Lets users in. They count until their work is done, so also while their histories are being read.
   *
   * @param lists - How many they want made. For none, and while no model makes lists, they need not wait for anything.
   * @param work - All that their lists need. It begins only when they are let in, so that a refusal costs little.
   * @param caller - Whom they count for. Callers take turns, so who asks for little is let in while another one's lists are refused.
   * @throws {OverloadedError} When their lists would wait too long.
   */
  async admit<T>(lists: number, work: () => Promise<T>, caller = NOBODY): Promise<T> {
    if (lists > 0 && this.modelVersionId !== null) this.requireRoom(caller);
    this.pending.add(caller, lists);
    try {
      return await work();
    } finally {
      this.pending.add(caller, -lists);
    }
  }

  /**
   * Makes the users' lists in the next batch that has room for them.
   *
   * @param users - At most 16, of which each was let in; one version makes all their lists.
   * @param asker - When nobody waits any more, users that still wait leave the queue; the call rejects with the signal's reason.
   */
  recommend(users: readonly RecommendOne[], asker: Asker = {}): Promise<readonly VersionedList[]> {
    asker.signal?.throwIfAborted();
    const make = async () => {
      const { lists, from, to, batchUsers } = await this.enqueue(users, asker);
      addSpan('decode worker', from, to, { batchUsers });
      return lists;
    };
    return traced('make lists', make, { users: users.length });
  }

  private enqueue(users: readonly RecommendOne[], { caller = NOBODY, signal }: Asker): Promise<MadeLists> {
    let leave: (() => void) | undefined;
    const lists = new Promise<MadeLists>((resolve, reject) => {
      const waiting = { caller, users, resolve, reject, attempts: 0 };
      leave = () => this.leave(waiting, signal?.reason);
      this.waiting.add(waiting);
      this.dispatchSoon();
    });
    signal?.addEventListener('abort', leave!);
    return lists.finally(() => signal?.removeEventListener('abort', leave!));
  }

  /** @returns Null when no model is live, or one that knows no texts; see `TextDirectionsReply`. */
  textDirections(items: TextDirectionsRequest['items']): Promise<TextDirectionsReply | null> {
    return this.pool.textDirections(items);
  }

  private requireRoom(caller: string): void {
    const { runningUsers, pool } = this;
    const usersAhead = this.usersAhead(caller);
    // Those who get into the next batches never wait too long. So the first batches after a start, which are slow, make no overload.
    if (usersAhead < DECODE_BATCH * pool.readyCount) return;
    const waitMs = this.pace.msFor(usersAhead + runningUsers / 2) / Math.max(1, pool.readyCount);
    const listMs = waitMs + this.pace.msFor(DECODE_BATCH);
    if (listMs <= MAX_LIST_MS) return;
    const message = `recommendations: expected a list within ${MAX_LIST_MS} ms, got about ${Math.round(listMs)} ms; try again later`;
    throw new OverloadedError(message, Math.ceil(waitMs / 1000));
  }

  /** Users who come before the caller's next one: the caller's own, and of each other caller as many as have their turns until then. */
  private usersAhead(caller: string): number {
    const own = this.usersOf(caller);
    const others = new Set([...this.pending.keys, ...this.waiting.callers]);
    others.delete(caller);
    return [...others].reduce((sum, other) => sum + Math.min(this.usersOf(other), own + 1), own);
  }

  private usersOf(caller: string): number {
    return Math.max(this.waiting.usersOf(caller), this.pending.of(caller));
  }

  /** A user whose batch is being decoded stays in it: a batch cannot be split. */
  private leave(waiting: Waiting, reason: unknown): void {
    if (this.waiting.remove(waiting)) waiting.reject(reason);
  }

  /** The users of one query arrive in the same pass of the event loop: it waits until all of them are here. */
  private dispatchSoon(): void {
    if (this.isDispatching) return;
    this.isDispatching = true;
    setImmediate(() => {
      this.isDispatching = false;
      this.dispatch();
    });
  }

  /** Gives each idle worker a batch. What arrives while all are busy, or is too little for one more worker, goes into the next ones. */
  private dispatch(): void {
    while (!this.waiting.isEmpty) {
      if (this.isAnyBusy && this.waitingUsers < this.enoughUsers) return this.waitForWork();
      if (!this.startBatch()) return;
    }
  }

  /** @returns False when nobody waits or no worker is idle. */
  private startBatch(): boolean {
    if (this.pool.readyCount === 0) this.rejectAll();
    if (this.waiting.isEmpty) return false;
    const share = Math.ceil(this.waitingUsers / Math.max(1, this.pool.idleCount));
    const worker = this.pool.take();
    if (worker === null) return false;
    void this.runBatch(worker, this.waiting.take(Math.min(DECODE_BATCH, Math.max(this.enoughUsers, share))));
    return true;
  }

  /** With so many users a batch is worth another worker. */
  private get enoughUsers(): number {
    return Math.min(DECODE_BATCH, this.work.usersIn(MIN_WORK_MS));
  }

  private get isAnyBusy(): boolean {
    return this.pool.idleCount < this.pool.readyCount;
  }

  /** The next batch begins when a worker is done, but nobody waits longer than it costs to begin at once. */
  private waitForWork(): void {
    this.patience ??= setTimeout(() => {
      this.patience = null;
      while (this.startBatch());
    }, MIN_WORK_MS).unref();
  }

  private rejectAll(): void {
    const lost = new WorkerLostError('recommendations: expected a decode worker with a model, got none');
    for (const { reject } of this.waiting.takeAll()) reject(lost);
  }

  private async runBatch(worker: DecodeWorker, batch: readonly Waiting[]): Promise<void> {
    const made = await this.make(worker, batch);
    this.dispatch();
    if (made !== null) await this.handOut(batch, made);
  }

  /** @returns Null when the lists could not be made: then the callers know it, or wait again. */
  private async make(worker: DecodeWorker, batch: readonly Waiting[]): Promise<MadeLists | null> {
    const users = batch.flatMap((each) => each.users);
    const begin = performance.now();
    // Only batches that ran while others waited say how long others will wait.
    const isFull = !this.waiting.isEmpty;
    this.countRunning(batch, 1);
    try {
      const { lists, ...times } = await this.pool.recommend(worker, users);
      const ms = performance.now() - begin;
      if (isFull) this.pace.measure(ms, users.length);
      this.work.measure(times.to - times.from, users.length);
      this.onBatch(users.length, ms / 1000);
      return { lists, ...times, batchUsers: users.length };
    } catch (error) {
      if (error instanceof WorkerLostError) this.tryAgain(batch, error);
      else for (const { reject } of batch) reject(error);
      return null;
    } finally {
      this.countRunning(batch, -1);
    }
  }

  /** @param sign - 1 when they begin, -1 when they end. */
  private countRunning(batch: readonly Waiting[], sign: 1 | -1): void {
    for (const { caller, users } of batch) {
      this.runningUsers += sign * users.length;
      this.pending.add(caller, -sign * users.length);
    }
  }

  /** While others wait, they are heard in between: it takes the event loop many milliseconds to answer a whole batch. */
  private async handOut(batch: readonly Waiting[], { lists, ...made }: MadeLists): Promise<void> {
    let end = 0;
    for (const { users, resolve } of batch) {
      resolve({ ...made, lists: lists.slice(end, (end += users.length)) });
      if (!this.waiting.isEmpty) await yieldToEventLoop();
    }
  }

  private tryAgain(batch: readonly Waiting[], error: WorkerLostError): void {
    if (this.pool.readyCount === 0) return batch.forEach(({ reject }) => reject(error));
    for (const each of batch) each.attempts++;
    this.waiting.addFirst(batch.filter(({ attempts }) => attempts < MAX_ATTEMPTS));
    for (const { attempts, reject } of batch) if (attempts >= MAX_ATTEMPTS) reject(new OverloadedError(TWICE_LOST));
  }
}

const TWICE_LOST = 'recommendations: expected a decode worker that stays, got two that ended; try again later';
