/** A decode worker without a thread: it answers batches when it is told to, and can end. */
import { PURCHASE } from '../../models/data/kinds';
import { DecodePool } from '../../src/recommend/decode-pool';
import type {
  VersionedList,
  ModelToLoad,
  RecommendOne,
  DecodeProtocol,
  RecommendReply,
} from '../../src/workers/messages';
import type { WorkerClient } from '../../src/workers/spawn-worker';

type Message = Parameters<WorkerClient<DecodeProtocol>['call']>[0];

export const DEATH = Object.assign(new Error('exit code 1'), { name: 'WorkerDiedError' });

interface Batch {
  readonly users: readonly RecommendOne[];
  readonly resolve: (reply: RecommendReply) => void;
  readonly reject: (error: Error) => void;
  /** The version that was live when the batch began. */
  readonly modelVersionId: number;
}

export class FakeDecodeWorker {
  /** The users of each batch so far. */
  readonly batches: (readonly RecommendOne[])[] = [];
  /** The kinds of messages so far. */
  readonly asked: string[] = [];
  liveId: number | null = null;
  /** Item ids in the checkpoints that it reads. */
  learned = new Int32Array(0);
  repeated = 0;
  /** The error of the next loads. */
  loadError: Error | null = null;
  /** Models are compiled when it resolves. */
  compiled: Promise<unknown> = Promise.resolve();
  /** The loads wait for it. */
  loaded: Promise<unknown> = Promise.resolve();
  private readonly running: Batch[] = [];
  private readonly watchers: (() => void)[] = [];
  private onDisposed = () => undefined as void;
  /** Resolves when it is disposed. */
  readonly disposed = new Promise<void>((resolve) => (this.onDisposed = resolve));

  start(): void {
    return; // it has no thread
  }

  /** Resolves when the next batch has begun. */
  nextBatch(): Promise<void> {
    return new Promise((resolve) => this.watchers.push(resolve));
  }

  async dispose(): Promise<void> {
    this.asked.push('dispose');
    this.onDisposed();
  }

  /** @param ms - Its own time for the batch. */
  answer(ms = 1_000): void {
    const { users, resolve, modelVersionId } = this.running.shift()!;
    resolve({ lists: users.map(({ first }) => listOf(first, modelVersionId)), from: 1, to: 1 + ms });
  }

  /** Ends as a thread does: what runs fails, and the next call starts it anew, without a model. */
  die(): void {
    this.liveId = null;
    this.fail(DEATH);
  }

  /** All running batches fail. */
  fail(error: Error): void {
    for (const { reject } of this.running.splice(0)) reject(error);
  }

  async call(message: Message): Promise<unknown> {
    this.asked.push(message.type);
    switch (message.type) {
      case 'read':
        return {
          tensors: { 'semantic-ids': { items: { shape: [], data: this.learned } } },
          documents: { metrics: [{ name: 'targets.repeated', value: this.repeated }] },
        };
      case 'prepare':
        return this.compiled;
      case 'load':
        return this.load(message);
      case 'recommend':
        return this.recommend(message.users);
      case 'text-directions':
        if (this.liveId === null) throw NO_MODEL;
        return { modelVersionId: this.liveId, directions: new Map() };
      default:
        return null;
    }
  }

  private async load({ modelVersionId }: ModelToLoad): Promise<null> {
    await this.loaded;
    if (this.loadError !== null) throw this.loadError;
    this.liveId = modelVersionId;
    return null;
  }

  private recommend(users: readonly RecommendOne[]): Promise<unknown> {
    const { liveId } = this;
    if (liveId === null) return Promise.reject(NO_MODEL);
    this.batches.push(users);
    return new Promise((resolve, reject) => {
      this.running.push({ users, resolve, reject, modelVersionId: liveId });
      this.watchers.shift()?.();
    });
  }
}

const NO_MODEL = Object.assign(new Error('expected a loaded model'), { name: 'NoLiveModelError' });

/** A list of one item, whose id is `first`. */
function listOf(first: number, modelVersionId: number): VersionedList {
  const scores = { score: 0, decoderScore: 0, itemHeadScore: null };
  const recommendation = { itemId: first, source: 'GENERATED', ...scores, codes: [], logProbabilities: [] } as const;
  return { modelVersionId, catalogueVersion: 9, recommendations: [recommendation] };
}

export function fakePool(count: number, onLost: (cause: unknown) => void = () => undefined) {
  const workers = Array.from({ length: count }, () => new FakeDecodeWorker());
  const clients = workers as unknown as WorkerClient<DecodeProtocol>[];
  const pool = new DecodePool(clients);
  pool.onLost = onLost;
  return { workers, pool };
}

/** Does the same as `load`, and waits for all workers. */
export async function loadWhole(pool: DecodePool, model: ModelToLoad): Promise<void> {
  await pool.load(model);
  await pool.revive(model);
}

export function modelOf(modelVersionId: number) {
  return {
    ...{ modelVersionId, tokenizerId: 1, checkpointDir: '', catalogueVersion: 9 },
    table: { idLength: 3, itemIds: new Int32Array(), codes: new Int32Array() },
    live: new Uint8Array(),
  };
}

/** A request for a list of `first` items. */
export function userOf(first: number): RecommendOne {
  const search = { beamWidth: 20, temperature: 0, seed: 0, allow: null, deny: new Int32Array(), isSeenKept: false };
  return { userKey: null, history: [1], times: [0], kinds: [PURCHASE], counts: [1], at: 0, first, ...search };
}
