/** The decode workers: each holds the live model with its trie, and all go over to another version together. */
import { Mutex } from 'async-mutex';

import { type Checkpoint, isCheckpointError } from '../../models/checkpoint/checkpoint';
import { KnownItems } from '../../models/checkpoint/known-items';
import { messageOf } from '../message-of';
import type {
  CodeChanges,
  ModelToLoad,
  ModelToPrepare,
  RecommendOne,
  DecodeProtocol,
  RecommendReply,
  ModelToResume,
  TextDirectionsReply,
  TextDirectionsRequest,
} from '../workers/messages';
import { sharedArray } from '../workers/packed-data';
import type { WorkerClient } from '../workers/spawn-worker';

/** The worker that was making a list has ended. Another worker may make the list. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

export interface DecodeWorker {
  readonly client: WorkerClient<DecodeProtocol>;
  hasModel: boolean;
  /** Whether it makes a model ready, which needs every change from now on. */
  isPreparing: boolean;
  isBusy: boolean;
  /** Whether it leaves the lists to the others for a while. */
  isAside: boolean;
  /** Resolves when it has made the lists that it was last asked for. */
  lists: Promise<unknown>;
}

type LoadMessage = DecodeProtocol['load']['request'];

export class DecodePool {
  private readonly workers: readonly DecodeWorker[];
  /** Versions replace one another in one order in all workers. */
  private readonly swaps = new Mutex();
  private liveId: number | null = null;
  /** The workers hold it, too. */
  private formerId: number | null = null;
  /** What the live and the former version have learned, by version. */
  private readonly known = new Map<number, KnownItems>();
  /** Of a version that is to go live. */
  private prepared: { readonly modelVersionId: number; readonly checkpoint: Checkpoint } | null = null;

  /** @param onLost - Called when a worker has lost its model, or its model missed a change: load the model again then. */
  constructor(
    clients: readonly WorkerClient<DecodeProtocol>[],
    private readonly onLost: (cause: unknown) => void,
  ) {
    const idle = { hasModel: false, isPreparing: false, isBusy: false, isAside: false, lists: Promise.resolve() };
    this.workers = clients.map((client) => ({ client, ...idle }));
  }

  /** The model version that answers; null while no worker has one. */
  get modelVersionId(): number | null {
    return this.liveId;
  }

  /** The items that the live version has learned; null while there is none. */
  get knownItems(): KnownItems | null {
    return this.liveId === null ? null : (this.known.get(this.liveId) ?? null);
  }

  get size(): number {
    return this.workers.length;
  }

  /** Workers that can make lists. */
  get readyCount(): number {
    return this.workers.filter(({ hasModel }) => hasModel).length;
  }

  /** Whether all workers have the live version, or are about to. */
  get isWhole(): boolean {
    return this.workers.every(({ hasModel, isPreparing }) => hasModel || isPreparing);
  }

  get idleCount(): number {
    return this.workers.filter(isIdle).length;
  }

  /**
   * Reads a model's files and compiles it in the workers, so that a later `load` of it only has to take up its codes. What answers stays
   * live.
   *
   * @throws {CheckpointError} When the checkpoint is missing or damaged.
   */
  prepare(request: ModelToPrepare): Promise<void> {
    return this.swaps.runExclusive(async () => {
      const { modelVersionId } = request;
      if (this.holds(modelVersionId) || this.prepared?.modelVersionId === modelVersionId) return;
      this.prepared = { modelVersionId, checkpoint: await this.compileIn(this.nextWorkers, request) };
    });
  }

  /**
   * Loads a model with its codes into all workers. When all are ready, it answers; until then the former one does. Where none does, it
   * answers as soon as one worker is ready, and the others load it after that.
   *
   * @throws {CheckpointError} When the checkpoint is missing or damaged; the former model stays live.
   */
  async load(request: ModelToLoad): Promise<void> {
    const release = await this.swaps.acquire();
    try {
      const message = await this.messageOf(this.nextWorkers, request);
      await this.loadInto(this.nextWorkers, message);
      void this.loadIntoLost(message).finally(release); // it asks them at once, so that they miss no change of the catalogue
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Does the same for the workers that have lost the live model. */
  revive(request: ModelToLoad): Promise<void> {
    return this.swaps.runExclusive(async () => {
      const { lost } = this;
      if (lost.length > 0) await this.loadInto(lost, await this.messageOf(lost, request));
    });
  }

  /** Makes the former model live again. @returns False when a worker does not hold it any more: load it then. */
  resume(request: ModelToResume): Promise<boolean> {
    return this.swaps.runExclusive(async () => {
      if (!this.holds(request.modelVersionId)) return false;
      const replies = await this.stage(this.workers, ({ client }) => client.call({ type: 'resume', ...request }));
      const isResumed = replies.length === this.size && replies.every((reply) => reply.isResumed);
      await (isResumed ? this.goLive(request.modelVersionId) : this.drop());
      return isResumed;
    });
  }

  /** Applies a committed change: every later list has it. */
  async apply(change: CodeChanges): Promise<void> {
    const followers = this.workers.filter(({ hasModel, isPreparing }) => hasModel || isPreparing);
    await this.callEach(followers, ({ client }) => client.call({ type: 'apply', ...change }));
  }

  /** @returns A worker that has nothing to do, which is busy from now on; null when there is none. */
  take(): DecodeWorker | null {
    const worker = this.workers.find(isIdle);
    if (worker === undefined) return null;
    worker.isBusy = true;
    return worker;
  }

  /**
   * Makes the users' lists, all by one version, in a worker from `take`, which is idle afterwards.
   *
   * @throws {WorkerLostError} When the worker ends, or has lost its model, or cannot read it any more.
   */
  async recommend(worker: DecodeWorker, users: readonly RecommendOne[]): Promise<RecommendReply> {
    const made = worker.client.call({ type: 'recommend', users });
    worker.lists = made.catch(() => undefined);
    try {
      return await made;
    } catch (error) {
      if (!isLoss(error) && !isCheckpointError(error)) throw error; // a list reads the model's files too
      this.loseOne(worker, error);
      throw new WorkerLostError(messageOf(error));
    } finally {
      worker.isBusy = false;
    }
  }

  /** @returns Null when no model is live, or one that knows no texts; see `TextDirectionsReply`. */
  async textDirections(items: TextDirectionsRequest['items']): Promise<TextDirectionsReply | null> {
    for (;;) {
      const worker = this.workers.find(isIdle) ?? this.workers.find(({ hasModel }) => hasModel);
      if (worker === undefined) return null;
      try {
        return await worker.client.call({ type: 'text-directions', items });
      } catch (error) {
        if (!isLoss(error)) throw error;
        this.loseOne(worker, error);
      }
    }
  }

  /** From now on no model is live, and popularity answers, until one is loaded. Calls `onLost`, also when no model was live before. */
  lose(cause: unknown): void {
    for (const worker of this.workers) worker.hasModel = false;
    this.liveId = this.formerId = null;
    this.onLost(cause);
  }

  async dispose(): Promise<void> {
    for (const worker of this.workers) worker.hasModel = worker.isPreparing = false; // so that none is lost when its thread ends
    await Promise.all(this.workers.map(({ client }) => client.dispose()));
  }

  /** Those that have to be ready before another version answers: one is enough where none does. */
  private get nextWorkers(): readonly DecodeWorker[] {
    return this.liveId === null ? this.workers.slice(0, 1) : this.workers;
  }

  private get lost(): readonly DecodeWorker[] {
    return this.workers.filter(({ hasModel }) => !hasModel);
  }

  /** Compiles the model in workers unless that was done. @returns What tells them, and any other worker, to load it. */
  private async messageOf(workers: readonly DecodeWorker[], request: ModelToLoad): Promise<LoadMessage> {
    const { modelVersionId, checkpointDir, table, live } = request;
    const checkpoint =
      this.takePrepared(modelVersionId) ?? (await this.compileIn(workers, { modelVersionId, checkpointDir }));
    const { itemIds, codes, idLength } = table;
    const shared = { idLength, itemIds: sharedArray(itemIds), codes: sharedArray(codes) };
    return { type: 'load', ...request, checkpoint, table: shared, live: sharedArray(live) };
  }

  /** Never rejects. */
  private async loadIntoLost(message: LoadMessage): Promise<void> {
    try {
      await this.loadInto(this.lost, message);
    } catch (error) {
      if (!isLoss(error)) this.onLost(error); // a loss was told
    }
  }

  private async loadInto(workers: readonly DecodeWorker[], message: LoadMessage): Promise<void> {
    await this.stage(workers, ({ client }) => client.call(message));
    this.known.set(message.modelVersionId, KnownItems.of(message.checkpoint));
    await this.goLive(message.modelVersionId);
  }

  /** Workers that make lists do it one after another: it takes about a second, in which the others go on making lists. */
  private async compileIn(workers: readonly DecodeWorker[], model: ModelToPrepare): Promise<Checkpoint> {
    const checkpoint = await this.read(workers, model.checkpointDir);
    const compile = (worker: DecodeWorker) =>
      worker.client.call({ type: 'prepare', ...model, checkpoint }).catch((error: unknown) => {
        if (!isLoss(error)) throw error;
        this.loseOne(worker, error); // `load` starts it anew
      });
    const inTurn = async () => {
      for (const worker of workers.filter(({ hasModel }) => hasModel)) await this.aside(worker, () => compile(worker));
    };
    await Promise.all([inTurn(), ...workers.filter(({ hasModel }) => !hasModel).map(compile)]);
    return checkpoint;
  }

  /** Runs work of a worker while it makes no lists, unless it alone makes them. */
  private async aside(worker: DecodeWorker, work: () => Promise<unknown>): Promise<void> {
    worker.isAside = this.readyCount > 1;
    if (worker.isAside) await worker.lists;
    await work().finally(() => (worker.isAside = false));
  }

  /** One worker reads and checks the files; all share the memory that they are read into. */
  private read(workers: readonly DecodeWorker[], checkpointDir: string): Promise<Checkpoint> {
    const reading = workers[0].client.call({ type: 'read', checkpointDir });
    for (const { client } of workers) client.start(); // the others meanwhile
    return reading;
  }

  private takePrepared(modelVersionId: number): Checkpoint | null {
    const { prepared } = this;
    if (prepared?.modelVersionId !== modelVersionId) return null;
    this.prepared = null;
    return prepared.checkpoint;
  }

  private holds(modelVersionId: number): boolean {
    return this.readyCount === this.size && [this.liveId, this.formerId].includes(modelVersionId);
  }

  /** @returns The replies of those that live. When one fails for another reason than its end, none gets ready. */
  private async stage<T>(workers: readonly DecodeWorker[], call: (worker: DecodeWorker) => Promise<T>): Promise<T[]> {
    for (const worker of workers) worker.isPreparing = true;
    const outcomes = await Promise.allSettled(workers.map(call));
    const failed = outcomes.flatMap((one, i) =>
      one.status === 'rejected' ? { worker: workers[i], error: one.reason as unknown } : [],
    );
    for (const { worker, error } of failed) {
      if (isLoss(error)) this.loseOne(worker, error);
      worker.isPreparing = false;
    }
    const fault = failed.find(({ error }) => !isLoss(error) || failed.length === workers.length);
    if (fault !== undefined) {
      await this.drop();
      throw fault.error;
    }
    return outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  /** A worker does what it is asked in order, so no list that is asked for from now on is the former version's. */
  private async goLive(modelVersionId: number): Promise<void> {
    const ready = this.workers.filter(({ isPreparing }) => isPreparing);
    if (this.liveId !== modelVersionId) this.formerId = this.liveId;
    this.liveId = modelVersionId;
    for (const id of this.known.keys()) if (id !== this.liveId && id !== this.formerId) this.known.delete(id);
    for (const worker of ready) Object.assign(worker, { isPreparing: false, hasModel: true });
    await this.callEach(ready, ({ client }) => client.call({ type: 'go-live' }));
  }

  private async drop(): Promise<void> {
    const ready = this.workers.filter(({ isPreparing }) => isPreparing);
    for (const worker of ready) worker.isPreparing = false;
    await this.callEach(ready, ({ client }) => client.call({ type: 'drop' }));
  }

  /** Those that fail have lost their model. */
  private async callEach(
    workers: readonly DecodeWorker[],
    call: (worker: DecodeWorker) => Promise<unknown>,
  ): Promise<void> {
    await Promise.all(workers.map((worker) => call(worker).catch((error: unknown) => this.loseOne(worker, error))));
  }

  /** The worker makes no lists until the model is loaded again. */
  private loseOne(worker: DecodeWorker, cause: unknown): void {
    if (!worker.hasModel && !worker.isPreparing) return;
    worker.hasModel = worker.isPreparing = false;
    this.formerId = null; // a worker that starts anew does not have it
    if (this.readyCount === 0) this.liveId = null;
    this.onLost(cause);
  }
}

function isIdle({ hasModel, isBusy, isAside }: DecodeWorker): boolean {
  return hasModel && !isBusy && !isAside;
}

/** When a worker has died, the next call starts a new one, which has no model. */
const LOSS_ERRORS: ReadonlySet<string> = new Set(['WorkerDiedError', 'NoLiveModelError']);

function isLoss(error: unknown): boolean {
  return error instanceof Error && LOSS_ERRORS.has(error.name);
}
