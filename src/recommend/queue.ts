/** Users that wait for a list, first come, first served. Decode workers that have nothing to do make the lists in batches. */
import { setImmediate } from 'node:timers/promises';

import { DECODE_BATCH } from '../../models/config';
import { OverloadedError } from '../errors';
import type { RecommendOne, RecommendReply } from '../workers/messages';
import { type DecodePool, type DecodeWorker, WorkerLostError } from './decode-pool';

/** A request whose worker ends is tried once more: one that ends every worker must not end them all. */
const MAX_ATTEMPTS = 2;
/**
 * Beside a busy worker another one begins only when so much work runs or waits. Lists of a small model cost less than to wake a thread for
 * each: one worker with batches of 8 makes more of them than two with batches of 3.
 */
const MIN_WORK_MS = 10;
/** Users of the last batches that the mean time for one user is taken of. */
const PACE_USERS = 100;

type Lists = RecommendReply['lists'];

interface Waiting {
  /** They go into one batch, so that one version makes all their lists. */
  readonly users: readonly RecommendOne[];
  readonly resolve: (lists: Lists) => void;
  readonly reject: (error: unknown) => void;
  attempts: number;
}

/** Called after each batch. */
type OnBatch = (users: number, seconds: number) => void;

export class ListQueue {
  private waiting: Waiting[] = [];
  private isDispatching = false;
  private runningUsers = 0;
  /** Time from call to reply, of batches that ran while others waited: only these say how long others will wait. */
  private readonly pace = new Pace();
  /** Time in the worker alone, of all batches. */
  private readonly work = new Pace();

  constructor(
    private readonly pool: DecodePool,
    private readonly onBatch: OnBatch = () => undefined,
  ) {}

  /** Users that wait for a decode worker. */
  get waitingUsers(): number {
    return countUsers(this.waiting);
  }

  /** How long it would take until a list was made that is asked for now; 0 while no other is, and while no model is live. */
  get expectedWaitMs(): number {
    const { waitingUsers, runningUsers, pace } = this;
    const { readyCount } = this.pool;
    if (readyCount === 0 || waitingUsers + runningUsers === 0) return 0;
    const usersAhead = (waitingUsers + runningUsers / 2) / readyCount; // of those that run, half the time has passed
    return (usersAhead + Math.min(DECODE_BATCH, waitingUsers + 1)) * (pace.msPerUser ?? 0);
  }

  /**
   * Makes the users' lists in the next batch that has room for them.
   *
   * @param users - One version makes all their lists: more than 16 are a batch of their own.
   * @param signal - When it is aborted, users that still wait leave the queue; the call rejects with its reason.
   * @throws {OverloadedError} When two workers in a row have ended while they made these lists.
   * @throws {WorkerLostError} When no worker has a model.
   */
  recommend(users: readonly RecommendOne[], signal?: AbortSignal): Promise<Lists> {
    signal?.throwIfAborted();
    let leave: (() => void) | undefined;
    const made = new Promise<Lists>((resolve, reject) => {
      const own: Waiting = { users, resolve, reject, attempts: 0 };
      leave = () => this.leave(own, signal?.reason);
      this.waiting.push(own);
    });
    signal?.addEventListener('abort', leave!);
    this.dispatchSoon();
    return made.finally(() => signal?.removeEventListener('abort', leave!));
  }

  /** Users whose batch is being made stay in it: a batch cannot be split. */
  private leave(own: Waiting, reason: unknown): void {
    if (!this.waiting.includes(own)) return;
    this.waiting = this.waiting.filter((each) => each !== own);
    own.reject(reason);
  }

  /** The users of one query arrive in the same pass of the event loop: it waits until all of them are here. */
  private dispatchSoon(): void {
    if (this.isDispatching) return;
    this.isDispatching = true;
    void setImmediate().then(() => {
      this.isDispatching = false;
      this.dispatch();
    });
  }

  /** Shares those who wait among the idle workers. Those who come while all are busy go into the next batches. */
  private dispatch(): void {
    if (this.pool.readyCount === 0) this.rejectAll();
    while (this.waiting.length > 0 && this.isWorthAnotherWorker) {
      const share = Math.ceil(this.waitingUsers / Math.max(1, this.pool.idleCount));
      const worker = this.pool.take();
      if (worker === null) return;
      void this.runBatch(worker, this.takeFirst(Math.max(Math.min(DECODE_BATCH, share), this.enoughUsers)));
    }
  }

  private get isWorthAnotherWorker(): boolean {
    return this.runningUsers === 0 || Math.max(this.waitingUsers, this.runningUsers) >= this.enoughUsers;
  }

  private get enoughUsers(): number {
    const { msPerUser } = this.work;
    return msPerUser === null ? 1 : Math.min(DECODE_BATCH, MIN_WORK_MS / msPerUser);
  }

  /** @returns The first requests: as many as have at most so many users together, and at least one. */
  private takeFirst(maxUsers: number): Waiting[] {
    let count = 1;
    let users = this.waiting[0].users.length;
    while (count < this.waiting.length && (users += this.waiting[count].users.length) <= maxUsers) count++;
    return this.waiting.splice(0, count);
  }

  private rejectAll(): void {
    const lost = new WorkerLostError('recommendations: expected a decode worker with a model, got none');
    for (const { reject } of this.waiting.splice(0)) reject(lost);
  }

  private async runBatch(worker: DecodeWorker, batch: readonly Waiting[]): Promise<void> {
    const users = batch.flatMap((each) => each.users);
    this.runningUsers += users.length;
    const made = await this.make(worker, users).catch((error: unknown) => this.fail(batch, error));
    this.runningUsers -= users.length;
    this.dispatch(); // the worker goes on while these lists are answered
    if (made === null) return;
    let end = 0;
    for (const { users, resolve } of batch) {
      resolve(made.slice(end, (end += users.length)));
      await setImmediate(); // an answer takes about two milliseconds: others are accepted and read between two of them
    }
  }

  private async make(worker: DecodeWorker, users: readonly RecommendOne[]): Promise<Lists> {
    const begin = performance.now();
    const isFull = this.waiting.length > 0;
    const reply = await this.pool.recommend(worker, users);
    const ms = performance.now() - begin;
    if (isFull) this.pace.measure(ms, users.length);
    this.work.measure(reply.to - reply.from, users.length);
    this.onBatch(users.length, ms / 1000);
    return reply.lists;
  }

  private fail(batch: readonly Waiting[], error: unknown): null {
    const isLost = error instanceof WorkerLostError && this.pool.readyCount > 0;
    const again = isLost ? batch.filter((each) => ++each.attempts < MAX_ATTEMPTS) : [];
    this.waiting.unshift(...again);
    const reason = isLost ? new OverloadedError(TWICE_LOST) : error;
    for (const each of batch) if (!again.includes(each)) each.reject(reason);
    return null;
  }
}

/** The mean time for one user over the last batches. */
class Pace {
  /** Null before the first measurement. */
  msPerUser: number | null = null;

  measure(ms: number, users: number): void {
    const before = this.msPerUser ?? ms / users;
    this.msPerUser = before + Math.min(1, users / PACE_USERS) * (ms / users - before);
  }
}

function countUsers(requests: readonly Waiting[]): number {
  return requests.reduce((sum, { users }) => sum + users.length, 0);
}

const TWICE_LOST = 'recommendations: expected a decode worker that stays, got two that ended; try again later';
