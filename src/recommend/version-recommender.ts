/**
 * Makes lists by the live model, or by another model version where a caller names one. The other version is opened when somebody asks for
 * it, and closed when nobody does any more.
 */
import { Mutex } from 'async-mutex';
import type { GraphQLError } from 'graphql';

import { badInput } from '../../graphql/common/errors';
import type { Recommender as RecommenderPort } from '../../graphql/context';
import type { RecommendationArgs, RecommendationList } from '../../graphql/recommendation/records';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import { findActiveTokenizer, type StoredVersion } from '../semantic-ids/active-tokenizer';
import { modelToLoad } from '../semantic-ids/code-table';
import { currentVersion } from '../storage/change-log-reads';
import type { Database } from '../storage/database';
import type { VersionedList, DecodeProtocol } from '../workers/messages';
import type { WorkerClient } from '../workers/spawn-worker';
import { DecodePool } from './decode-pool';
import { ListQueue } from './queue';
import type { HistoryList, Recommender, UserRequest } from './recommender';

/** A model that has made no list for this long gives its memory back. */
const IDLE_MS = 300_000;

/** The part of a queue that a recommender and its cold items need. */
export type ListMaker = Pick<ListQueue, 'modelVersionId' | 'knownItems' | 'recommend' | 'textDirections'>;

export interface VersionRecommenderParts {
  readonly queue: ListQueue;
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly store: { open(key: string): Promise<string> };
  /** Makes lists by the live model. */
  readonly live: Recommender;
  readonly spawn: () => WorkerClient<DecodeProtocol>;
  readonly recommenderBy: (maker: ListMaker) => Recommender;
  readonly idleMs?: number;
}

interface OpenVersion {
  readonly modelVersionId: number;
  readonly pool: DecodePool;
  readonly recommender: Recommender;
  /** The catalogue as its trie has it; null: it is not loaded yet. */
  catalogueVersion: number | null;
  /** Whether its codes name other prefixes than those of the catalogue. */
  hasOwnCodes: boolean;
}

export class VersionRecommender implements RecommenderPort {
  private opened: OpenVersion | null = null;
  private closing: NodeJS.Timeout | undefined;
  /** One other version is open at a time: each takes the memory of a whole model. */
  private readonly lock = new Mutex();

  constructor(private readonly parts: VersionRecommenderParts) {}

  /** Handles all users of a version at once. When a user's list fails, its slot has the error. */
  async recommendForUsers(
    requests: readonly UserRequest[],
    signal?: AbortSignal,
  ): Promise<(RecommendationList | Error)[]> {
    const lists = new Map<UserRequest, RecommendationList | Error>();
    const versions = new Set(requests.map(({ args }) => args.modelVersionId ?? null));
    const byVersion = [...versions].map(async (version) => {
      const own = requests.filter(({ args }) => (args.modelVersionId ?? null) === version);
      const made = await this.by(version, (recommender) => recommender.recommendForUsers(own, signal)).catch(
        (error: unknown) => own.map(() => error as Error),
      );
      own.forEach((request, i) => lists.set(request, made[i]));
    });
    await Promise.all(byVersion);
    return requests.map((request) => lists.get(request)!);
  }

  recommendForHistory(
    history: readonly string[],
    args: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<HistoryList> {
    const make = (recommender: Recommender) => recommender.recommendForHistory(history, args, signal);
    return this.by(args.modelVersionId ?? null, make);
  }

  dispose(): Promise<void> {
    return this.lock.runExclusive(() => this.close());
  }

  private by<T>(version: number | null, make: (recommender: Recommender) => Promise<T>): Promise<T> {
    if (version === null || version === this.parts.queue.modelVersionId) return make(this.parts.live);
    return this.lock.runExclusive(() => this.byOther(version, make));
  }

  /**
   * Makes lists with the codes of the version's own tokenizer. It cannot recommend items that have no such codes yet.
   *
   * @throws {PublicError} When there is no such version, or its checkpoint is missing or damaged.
   */
  private async byOther<T>(id: number, make: (recommender: Recommender) => Promise<T>): Promise<T> {
    const version = await this.version(id);
    clearTimeout(this.closing);
    try {
      return await make((await this.open(version)).recommender);
    } catch (error) {
      await this.close(); // its worker may have ended; the next call opens it anew
      throw isCheckpointError(error) ? unusable(version, error) : error;
    } finally {
      this.closing = setTimeout(() => void this.dispose(), this.parts.idleMs ?? IDLE_MS).unref();
    }
  }

  private async version(id: number): Promise<StoredVersion> {
    const version = await this.parts.database.read.modelVersion.findUnique({
      where: { id },
      include: { tokenizer: true },
    });
    if (version === null)
      throw refusal('expected the ID of a model version, got one that no version has; modelVersions lists them');
    return version;
  }

  private async open(version: StoredVersion): Promise<OpenVersion> {
    const { read } = this.parts.database;
    if (this.opened?.modelVersionId !== version.id) await this.close();
    const opened = (this.opened ??= this.start(version.id));
    if (opened.catalogueVersion !== (await currentVersion(read))) await this.load(opened, version);
    opened.hasOwnCodes = (await findActiveTokenizer(read))?.id !== version.tokenizer.id;
    return opened;
  }

  private start(modelVersionId: number): OpenVersion {
    const pool = new DecodePool([this.parts.spawn()]);
    const queue = new ListQueue(pool);
    const recommender = this.parts.recommenderBy({
      modelVersionId, // also when its worker has ended: then the list fails, and no popular items stand for it
      get knownItems() {
        return queue.knownItems;
      },
      textDirections: (items) => queue.textDirections(items),
      recommend: async (users, signal) => {
        const lists = await queue.recommend(users, signal);
        return opened.hasOwnCodes ? lists.map(withoutCodes) : lists;
      },
    });
    const opened: OpenVersion = { modelVersionId, pool, recommender, catalogueVersion: null, hasOwnCodes: true };
    return opened;
  }

  private async load(opened: OpenVersion, version: StoredVersion): Promise<void> {
    const model = await modelToLoad(this.parts.database, version);
    await opened.pool.load({ ...model, checkpointDir: await this.parts.store.open(model.checkpointDir) });
    opened.catalogueVersion = model.catalogueVersion;
  }

  private async close(): Promise<void> {
    clearTimeout(this.closing);
    const { opened } = this;
    this.opened = null;
    await opened?.pool.dispose();
  }
}

function withoutCodes(list: VersionedList): VersionedList {
  const recommendations = list.recommendations.map((one) => ({ ...one, codes: [], logProbabilities: [] }));
  return { ...list, recommendations };
}

function unusable({ number }: StoredVersion, { message }: Error): GraphQLError {
  return refusal(
    `expected a version that can be loaded, got version ${number}: ${message}; restore its files from a backup, or choose another version`,
  );
}

function refusal(message: string): GraphQLError {
  return badInput({ path: ['modelVersion'], message: `modelVersion: ${message}` });
}
