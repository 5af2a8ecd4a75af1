/** The live model: it runs in a worker with the weights and the trie, and here is the queue of users that wait for it. */
import { OverloadedError } from '../errors';
import type {
  ApplyChangesRequest,
  LiveList,
  LoadModelRequest,
  PrepareModelRequest,
  RecommendOne,
  RecommendProtocol,
  ResumeModelRequest,
  TextDirectionsReply,
  TextDirectionsRequest,
} from '../workers/messages';
import type { WorkerClient } from '../workers/spawn-worker';

/** Users that are decoded in one batch; a batch may have users of several requests. */
const BATCH_SIZE = 32;
/** Requests that may wait. Any more are refused at once, so that they do not wait too long. */
const MAX_WAITING = 512;

interface Waiting {
  /** They go into one batch, so that one version makes all their lists. */
  readonly users: readonly RecommendOne[];
  readonly resolve: (lists: LiveList[]) => void;
  readonly reject: (error: unknown) => void;
}

export class LiveModel {
  private waiting: Waiting[] = [];
  private isBusy = false;
  private loaded: number | null = null;

  /** @param onLost - Called when the worker has lost its model, or its model missed a change or an activation: load the model again then. */
  constructor(
    private readonly worker: WorkerClient<RecommendProtocol>,
    private readonly onLost: (cause: unknown) => void,
  ) {}

  /** The model version that answers; null before the first one is loaded. */
  get modelVersionId(): number | null {
    return this.loaded;
  }

  /**
   * Loads a model with its codes. When it is ready, it answers; until then the former one does.
   *
   * @throws {CheckpointError} When the checkpoint is missing or damaged; the former model stays live.
   */
  async load(request: Omit<LoadModelRequest, 'type'>): Promise<{ device: string }> {
    const reply = await this.worker.call({ type: 'load', ...request });
    this.loaded = request.modelVersionId;
    return reply;
  }

  /**
   * Reads a model's files, so that a later `load` of it only has to take up its codes. What answers stays live.
   *
   * @throws {CheckpointError} When the checkpoint is missing or damaged.
   */
  async prepare(request: Omit<PrepareModelRequest, 'type'>): Promise<void> {
    await this.worker.call({ type: 'prepare', ...request });
  }

  /** Makes the former model live again. @returns False when the worker does not hold it any more: load it then. */
  async resume(request: Omit<ResumeModelRequest, 'type'>): Promise<boolean> {
    if (this.loaded === null) return false;
    const { isResumed } = await this.worker.call({ type: 'resume', ...request });
    if (isResumed) this.loaded = request.modelVersionId;
    return isResumed;
  }

  /** Applies a committed change: every later list has it. */
  async apply(change: Omit<ApplyChangesRequest, 'type'>): Promise<void> {
    if (this.loaded === null) return;
    await this.worker.call({ type: 'apply', ...change }).catch((error: unknown) => this.lose(error));
  }

  /**
   * Makes the users' lists in the next batch that has room for them.
   *
   * @param users - At most 32; one version makes all their lists.
   * @param signal - When aborted, users that still wait leave the queue; the call rejects with the signal's reason.
   * @throws {OverloadedError} When too many requests wait already.
   */
  recommend(users: readonly RecommendOne[], signal?: AbortSignal): Promise<LiveList[]> {
    signal?.throwIfAborted();
    if (this.waiting.length >= MAX_WAITING)
      throw new OverloadedError(`recommendations: expected at most ${MAX_WAITING} users waiting`);
    let leave: (() => void) | undefined;
    const lists = new Promise<LiveList[]>((resolve, reject) => {
      const waiting = { users, resolve, reject };
      leave = () => this.leave(waiting, signal?.reason);
      this.waiting.push(waiting);
      // The users of one query arrive in the same turn of the event loop: wait until all of them are here.
      if (!this.isBusy) setImmediate(() => void this.work());
    });
    signal?.addEventListener('abort', leave!);
    return lists.finally(() => signal?.removeEventListener('abort', leave!));
  }

  /** Users whose batch is being made already stay in it: what is decoded together cannot be taken apart. */
  private leave(waiting: Waiting, reason: unknown): void {
    const place = this.waiting.indexOf(waiting);
    if (place < 0) return;
    this.waiting.splice(place, 1);
    waiting.reject(reason);
  }

  /** @returns Null when no model is live, or one that knows no texts; see `TextDirectionsReply`. */
  async textDirections(items: TextDirectionsRequest['items']): Promise<TextDirectionsReply | null> {
    if (this.loaded === null) return null;
    return this.worker.call({ type: 'text-directions', items }).catch((error: unknown) => {
      if (!isLoss(error)) throw error;
      this.lose(error);
      return null;
    });
  }

  /** Runs one batch at a time; what arrives meanwhile goes into the next ones. */
  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.waiting.length > 0) await this.runBatch(this.nextBatch());
    this.isBusy = false;
  }

  private nextBatch(): Waiting[] {
    let users = 0;
    const end = this.waiting.findIndex((each) => (users += each.users.length) > BATCH_SIZE);
    // A request that is larger than a batch has to run too.
    return this.waiting.splice(0, end === -1 ? this.waiting.length : Math.max(1, end));
  }

  private async runBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const { lists } = await this.worker.call({ type: 'recommend', users: batch.flatMap(({ users }) => users) });
      let end = 0;
      for (const { users, resolve } of batch) resolve(lists.slice(end, (end += users.length)));
    } catch (error) {
      if (isLoss(error)) this.lose(error);
      for (const { reject } of batch) reject(error);
    }
  }

  /** From now on there is no live model, and popularity answers, until one is loaded again. */
  lose(cause: unknown): void {
    if (this.loaded === null) return;
    this.loaded = null;
    this.onLost(cause);
  }
}

/** When a worker has died, the next call starts a new one, which has no model. */
const LOSS_ERRORS: ReadonlySet<string> = new Set(['WorkerDiedError', 'NoLiveModelError']);

function isLoss(error: unknown): boolean {
  return error instanceof Error && LOSS_ERRORS.has(error.name);
}
