/**
 * The decode workers and the model versions that they hold. Each goes over to a new version as soon as it has loaded it; a worker that has
 * lost its model makes no lists until it is loaded again.
 */
import { Mutex } from 'async-mutex';

import { type Checkpoint, isCheckpointError } from '../../models/checkpoint/checkpoint';
import { KnownItems } from '../../models/checkpoint/known-items';
import { hasManyRepeats } from '../../models/data/interactions';
import type { MetricValue } from '../../models/evaluation/metrics';
import { messageOf } from '../message-of';
import type {
  CodeChanges,
  ModelToLoad,
  ModelToPrepare,
  RecommendOne,
  DecodeProtocol,
  RecommendReply,
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
  /** Whether it makes lists by a version that it has loaded. */
  hasModel: boolean;
  isLoading: boolean;
  isBusy: boolean;
  /** Whether it leaves the lists to the others for a while. */
  isAside: boolean;
  /** Resolves when it has made the lists that it was last asked for. */
  lists: Promise<unknown>;
}

/** The version that answers, the items that it has learned, and whether users mostly take again what they have. */
interface LiveVersion {
  readonly modelVersionId: number;
  readonly known: KnownItems;
  readonly hasManyRepeats: boolean;
}

type LoadMessage = DecodeProtocol['load']['request'];

export class DecodePool {
  /** Called when a worker has lost its model, or its model missed a change: load the model again then. */
  onLost: (cause: unknown) => void = () => undefined;
  private readonly workers: readonly DecodeWorker[];
  /** Versions replace one another in one order in all workers. */
  private readonly swaps = new Mutex();
  private live: LiveVersion | null = null;
  /** A version that is to go live, compiled in the workers that `load` needs. */
  private prepared: { readonly modelVersionId: number; readonly checkpoint: Checkpoint } | null = null;
  /** Resolves when the workers beside the first one have the first version. */
  private others: Promise<unknown> = Promise.resolve();

  constructor(clients: readonly WorkerClient<DecodeProtocol>[]) {
    const idle = { hasModel: false, isLoading: false, isBusy: false, isAside: false, lists: Promise.resolve() };
    this.workers = clients.map((client) => ({ client, ...idle }));
  }

  /** The model version that answers; null while no worker has one. */
  get modelVersionId(): number | null {
    return this.live?.modelVersionId ?? null;
  }

  /** The items that the live version has learned; null while there is none. */
  get knownItems(): KnownItems | null {
    return this.live?.known ?? null;
  }

  /** Whether users mostly take again what they have, as the live version's test says; false while there is none. */
  get hasManyRepeats(): boolean {
    return this.live?.hasManyRepeats ?? false;
  }

  get size(): number {
    return this.workers.length;
  }

  /** Workers that have the live version. */
  get readyCount(): number {
    return this.workers.filter(({ hasModel }) => hasModel).length;
  }

  /** Whether all workers have the live version, or are about to. */
  get isWhole(): boolean {
    return this.workers.every(({ hasModel, isLoading }) => hasModel || isLoading);
  }

  get idleCount(): number {
    return this.workers.filter(isIdle).length;
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

  /** @returns Null when no model is live, or one that knows no texts, or its worker has just ended; see `TextDirectionsReply`. */
  textDirections(items: TextDirectionsRequest['items']): Promise<TextDirectionsReply | null> {
    return this.askAny((client) => client.call({ type: 'text-directions', items }));
  }

  /** @returns Null as `textDirections`; see `Tiger.nearTexts`. */
  nearTexts(vectors: readonly Float32Array[], size: number): Promise<readonly Int32Array[] | null> {
    return this.askAny((client) => client.call({ type: 'near-texts', vectors, size }));
  }

  private async askAny<T>(ask: (client: WorkerClient<DecodeProtocol>) => Promise<T>): Promise<T | null> {
    const worker = this.workers.find(isIdle) ?? this.workers.find(({ hasModel }) => hasModel);
    if (worker === undefined) return null;
    return ask(worker.client).catch((error: unknown) => {
      if (!isLoss(error)) throw error;
      this.loseOne(worker, error);
      return null;
    });
  }

  /** Applies a committed change: every later list has it. Not called while a version is loaded. */
  async apply(change: CodeChanges): Promise<void> {
    await this.others; // a worker that loads would miss it
    const apply = (worker: DecodeWorker) =>
      worker.client.call({ type: 'apply', ...change }).catch((error: unknown) => this.loseOne(worker, error));
    await Promise.all(this.workers.filter(({ hasModel }) => hasModel).map(apply));
  }

  /**
   * Reads a version's files and compiles it in the workers, so that a later `load` of it only has to take up its codes. The live version
   * goes on answering.
   *
   * @throws {CheckpointError} When the checkpoint is missing or damaged.
   */
  prepare(request: ModelToPrepare): Promise<void> {
    return this.swaps.runExclusive(async () => {
      const { modelVersionId } = request;
      const isHeld = this.modelVersionId === modelVersionId && this.readyCount === this.size;
      if (isHeld || this.prepared?.modelVersionId === modelVersionId) return;
      this.prepared = { modelVersionId, checkpoint: await this.compile(this.nextWorkers, request) };
    });
  }

  /**
   * Loads a version with its codes into all workers. Where none answers yet, it answers as soon as one worker is ready, and the others load
   * it after that.
   *
   * @throws {CheckpointError} When the checkpoint is missing or damaged; the former version stays live.
   */
  load(request: ModelToLoad): Promise<void> {
    return this.swaps.runExclusive(async () => {
      const message = await this.loadMessage(this.nextWorkers, request);
      await this.loadInto(this.nextWorkers, message);
      // A loss was told.
      this.others = this.loadInto(this.lost, message).catch((error: unknown) => isLoss(error) || this.onLost(error));
    });
  }

  /** Does the same for the workers that have lost the live version. */
  revive(request: ModelToLoad): Promise<void> {
    return this.swaps.runExclusive(async () => {
      await this.others;
      const { lost } = this;
      if (lost.length > 0) await this.loadInto(lost, await this.loadMessage(lost, request));
    });
  }

  /** From now on no model is live, and popularity answers, until one is loaded. Calls `onLost`, also when no model was live before. */
  lose(cause: unknown): void {
    for (const worker of this.workers) worker.hasModel = false;
    this.live = null;
    this.onLost(cause);
  }

  async dispose(): Promise<void> {
    for (const worker of this.workers) worker.hasModel = worker.isLoading = false; // so that none is lost when its thread ends
    await Promise.all(this.workers.map(({ client }) => client.dispose()));
  }

  /** Workers that have to be ready before another version answers: one is enough where none does. */
  private get nextWorkers(): readonly DecodeWorker[] {
    return this.live === null ? this.workers.slice(0, 1) : this.workers;
  }

  private get lost(): readonly DecodeWorker[] {
    return this.workers.filter(({ hasModel }) => !hasModel);
  }

  /** Compiles the version in the workers unless that was done. @returns The message by which they, and all others, load it. */
  private async loadMessage(workers: readonly DecodeWorker[], request: ModelToLoad): Promise<LoadMessage> {
    const { prepared } = this;
    const isPrepared = prepared?.modelVersionId === request.modelVersionId;
    if (isPrepared) this.prepared = null;
    const checkpoint = isPrepared ? prepared.checkpoint : await this.compile(workers, request);
    const { itemIds, codes, idLength } = request.table;
    const table = { idLength, itemIds: sharedArray(itemIds), codes: sharedArray(codes) };
    return { type: 'load', ...request, checkpoint, table, live: sharedArray(request.live) };
  }

  /** One worker reads and checks the files, into memory that all share. Workers that make lists compile one after another. */
  private async compile(
    workers: readonly DecodeWorker[],
    { modelVersionId, checkpointDir }: ModelToPrepare,
  ): Promise<Checkpoint> {
    const reading = workers[0].client.call({ type: 'read', checkpointDir });
    for (const { client } of workers) client.start(); // the others meanwhile
    const message = { type: 'prepare', modelVersionId, checkpointDir, checkpoint: await reading } as const;
    const compileIn = (worker: DecodeWorker) =>
      worker.client.call(message).catch((error: unknown) => {
        if (!isLoss(error)) throw error;
        this.loseOne(worker, error); // `load` starts it anew
      });
    const inTurn = async () => {
      for (const worker of workers.filter(({ hasModel }) => hasModel))
        await this.aside(worker, () => compileIn(worker));
    };
    await Promise.all([inTurn(), ...workers.filter(({ hasModel }) => !hasModel).map(compileIn)]);
    return message.checkpoint;
  }

  /** Runs a second of work of a worker while the others make all lists; a worker alone makes lists all the same. */
  private async aside(worker: DecodeWorker, work: () => Promise<unknown>): Promise<void> {
    worker.isAside = this.readyCount > 1;
    if (worker.isAside) await worker.lists;
    await work().finally(() => (worker.isAside = false));
  }

  /** When no worker can load it, all stay as they are. */
  private async loadInto(workers: readonly DecodeWorker[], message: LoadMessage): Promise<void> {
    for (const worker of workers) worker.isLoading = true;
    const outcomes = await Promise.allSettled(workers.map(({ client }) => client.call(message)));
    const faults = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    const isReady = faults.length < workers.length;
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') workers[i].hasModel = true;
      else if (isReady || isLoss(outcome.reason)) this.loseOne(workers[i], outcome.reason);
      workers[i].isLoading = false;
    }
    if (!isReady && faults.length > 0) throw faults[0];
    const { modelVersionId, checkpoint } = message;
    const metrics = checkpoint.documents.metrics as readonly MetricValue[];
    this.live = { modelVersionId, known: KnownItems.of(checkpoint), hasManyRepeats: hasManyRepeats(metrics) };
  }

  private loseOne(worker: DecodeWorker, cause: unknown): void {
    if (!worker.hasModel && !worker.isLoading) return;
    worker.hasModel = worker.isLoading = false;
    if (this.readyCount === 0) this.live = null;
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
