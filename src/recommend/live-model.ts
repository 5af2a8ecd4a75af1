/** The model that answers: a worker with the weights and the trie, and the queue of users before it. */
import { OverloadedError } from '../errors';
import type {
  ApplyChangesRequest,
  LoadModelRequest,
  RecommendedItem,
  RecommendOne,
  RecommendProtocol,
  RecommendReply,
  ResumeModelRequest,
  TextDirectionsReply,
  TextDirectionsRequest,
} from '../workers/messages';
import type { WorkerClient } from '../workers/spawn-worker';

/** Users decoded in one batch; those of several requests go together. */
const BATCH_SIZE = 32;
/** Users waiting at most; more are refused at once instead of being kept waiting. */
const MAX_WAITING = 512;

/** One user's list and the versions that made it. */
export interface LiveList {
  readonly modelVersionId: number;
  readonly catalogueVersion: number;
  readonly items: readonly RecommendedItem[];
}

interface Waiting {
  /** Go into one batch, so that one version makes all their lists. */
  readonly users: readonly RecommendOne[];
  readonly resolve: (lists: LiveList[]) => void;
  readonly reject: (error: unknown) => void;
}

export class LiveModel {
  private waiting: Waiting[] = [];
  private isBusy = false;
  private loaded: number | null = null;

  /** @param onLost - Called when the worker has no model any more, or one that missed a change: the moment to load it again. */
  constructor(
    private readonly worker: WorkerClient<RecommendProtocol>,
    private readonly onLost: (cause: unknown) => void,
  ) {}

  /** The model version that answers; null before the first one is loaded. */
  get modelVersionId(): number | null {
    return this.loaded;
  }

  /**
   * Loads a model with its codes and, when it is ready, answers with it. Until then the former one answers.
   *
   * @throws {CheckpointError} When the checkpoint is missing or damaged; the former model goes on.
   */
  async load(request: Omit<LoadModelRequest, 'type'>): Promise<{ device: string }> {
    const reply = await this.worker.call({ type: 'load', ...request });
    this.loaded = request.modelVersionId;
    return reply;
  }

  /** Answers with the model that answered before the present one. @returns False, when it is no longer held: load it. */
  async resume(request: Omit<ResumeModelRequest, 'type'>): Promise<boolean> {
    if (this.loaded === null) return false;
    const { isResumed } = await this.worker.call({ type: 'resume', ...request });
    if (isResumed) this.loaded = request.modelVersionId;
    return isResumed;
  }

  /** Makes a committed change visible to every list asked for from now on. */
  async apply(change: Omit<ApplyChangesRequest, 'type'>): Promise<void> {
    if (this.loaded === null) return;
    await this.worker.call({ type: 'apply', ...change }).catch((error: unknown) => this.lose(error));
  }

  /**
   * Waits for its turn in a batch.
   *
   * @param users - At most 32; all their lists are made by one version.
   * @throws {OverloadedError} When too many wait already.
   */
  recommend(users: readonly RecommendOne[]): Promise<LiveList[]> {
    if (this.waiting.length >= MAX_WAITING)
      throw new OverloadedError(`recommendations: expected at most ${MAX_WAITING} users waiting`);
    return new Promise((resolve, reject) => {
      this.waiting.push({ users, resolve, reject });
      // Users of one query arrive in the same turn of the event loop: let them gather.
      if (!this.isBusy) setImmediate(() => void this.work());
    });
  }

  /** @returns Null while no model is live that knows texts; see `TextDirectionsReply`. */
  async textDirections(items: TextDirectionsRequest['items']): Promise<TextDirectionsReply | null> {
    if (this.loaded === null) return null;
    return this.worker.call({ type: 'text-directions', items }).catch((error: unknown) => {
      if (!isLoss(error)) throw error;
      this.lose(error);
      return null;
    });
  }

  /** One batch at a time; what arrives meanwhile makes up the next. */
  private async work(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.waiting.length > 0) await this.runBatch(this.nextBatch());
    this.isBusy = false;
  }

  private nextBatch(): Waiting[] {
    let users = 0;
    const end = this.waiting.findIndex((each) => (users += each.users.length) > BATCH_SIZE);
    // One that is too many by itself still has to go.
    return this.waiting.splice(0, end === -1 ? this.waiting.length : Math.max(1, end));
  }

  private async runBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const reply = await this.worker.call({ type: 'recommend', users: batch.flatMap(({ users }) => users) });
      const lists = listsOf(reply);
      for (const { users, resolve } of batch) resolve(lists.splice(0, users.length));
    } catch (error) {
      if (isLoss(error)) this.lose(error);
      for (const { reject } of batch) reject(error);
    }
  }

  /** Until the model is loaded again there is none here, and popularity answers. */
  private lose(cause: unknown): void {
    if (this.loaded === null) return;
    this.loaded = null;
    this.onLost(cause);
  }
}

/** A worker that died is started anew by the next call, without a model. */
const LOSSES: ReadonlySet<string> = new Set(['WorkerDiedError', 'NoLiveModelError']);

function isLoss(error: unknown): boolean {
  return error instanceof Error && LOSSES.has(error.name);
}

function listsOf({ modelVersionId, catalogueVersion, lists }: RecommendReply): LiveList[] {
  return lists.map((items) => ({ modelVersionId, catalogueVersion, items }));
}
