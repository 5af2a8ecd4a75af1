/** Makes lists by a model version that is not live. It is opened when somebody asks for it, and closed when nobody does any more. */
import { Mutex } from 'async-mutex';
import type { GraphQLError } from 'graphql';

import { badInput } from '../../graphql/common/errors';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import { findActiveTokenizer, type StoredVersion } from '../semantic-ids/active-tokenizer';
import { modelToLoad } from '../semantic-ids/code-table';
import { currentVersion } from '../storage/change-log-reads';
import type { Database } from '../storage/database';
import type { VersionedList, DecodeProtocol } from '../workers/messages';
import type { WorkerClient } from '../workers/spawn-worker';
import { DecodePool } from './decode-pool';
import { ListQueue } from './list-queue';
import type { Recommender } from './recommender';

/** A model that has made no list for this long gives its memory back. */
const IDLE_MS = 300_000;

/** What a recommender and its cold items need of whatever makes the lists. */
export type ListMaker = Pick<ListQueue, 'modelVersionId' | 'knownItems' | 'admit' | 'recommend' | 'textDirections'>;

export interface OtherVersionParts {
  readonly database: Pick<Database, 'read' | 'write'>;
  /** @returns A folder with the checkpoint of this key. @throws {CheckpointError} When there is none. */
  readonly openCheckpoint: (key: string) => Promise<string>;
  readonly spawn: () => WorkerClient<DecodeProtocol>;
  readonly recommenderBy: (maker: ListMaker) => Recommender;
  readonly idleMs?: number;
}

interface Opened {
  readonly modelVersionId: number;
  readonly pool: DecodePool;
  readonly recommender: Recommender;
  /** The catalogue as its trie has it; null: it is not loaded yet. */
  catalogueVersion: number | null;
  /** Its codes name other prefixes than those of the catalogue. */
  hasOwnCodes: boolean;
}

export class OtherVersion {
  private opened: Opened | null = null;
  private closing: NodeJS.Timeout | undefined;
  /** One version is open at a time: each takes the memory of a whole model. */
  private readonly lock = new Mutex();

  constructor(private readonly parts: OtherVersionParts) {}

  /**
   * Makes lists by this version, with the codes of its own tokenizer. It cannot recommend items that have no such codes yet.
   *
   * @throws {PublicError} When there is no such version, or its checkpoint is missing or damaged.
   */
  use<T>(modelVersionId: number, make: (recommender: Recommender) => Promise<T>): Promise<T> {
    return this.lock.runExclusive(async () => {
      const version = await this.version(modelVersionId);
      clearTimeout(this.closing);
      try {
        return await make((await this.open(version)).recommender);
      } catch (error) {
        await this.close(); // It may have ended. The next call opens it anew.
        throw isCheckpointError(error) ? unusable(version, error) : error;
      } finally {
        this.closeLater();
      }
    });
  }

  dispose(): Promise<void> {
    return this.lock.runExclusive(() => this.close());
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

  private async open(version: StoredVersion): Promise<Opened> {
    const { read } = this.parts.database;
    if (this.opened?.modelVersionId !== version.id) await this.close();
    const opened = (this.opened ??= this.start(version.id));
    if (opened.catalogueVersion !== (await currentVersion(read))) await this.load(opened, version);
    opened.hasOwnCodes = (await findActiveTokenizer(read))?.id !== version.tokenizer.id;
    return opened;
  }

  private start(modelVersionId: number): Opened {
    const pool = new DecodePool([this.parts.spawn()], () => undefined);
    const queue = new ListQueue(pool);
    const maker: ListMaker = {
      modelVersionId, // also when its worker has ended: then the list fails, and no popular items stand for it
      get knownItems() {
        return queue.knownItems;
      },
      admit: (users, work, caller) => queue.admit(users, work, caller),
      textDirections: (items) => queue.textDirections(items),
      recommend: async (users, asker) => {
        const lists = await queue.recommend(users, asker);
        return opened.hasOwnCodes ? lists.map(withoutCodes) : lists;
      },
    };
    const recommender = this.parts.recommenderBy(maker);
    const opened: Opened = { modelVersionId, pool, recommender, catalogueVersion: null, hasOwnCodes: true };
    return opened;
  }

  private async load(opened: Opened, version: StoredVersion): Promise<void> {
    const model = await modelToLoad(this.parts.database, version);
    await opened.pool.load({ ...model, checkpointDir: await this.parts.openCheckpoint(model.checkpointDir) });
    opened.catalogueVersion = model.catalogueVersion;
  }

  private async close(): Promise<void> {
    clearTimeout(this.closing);
    const { opened } = this;
    this.opened = null;
    await opened?.pool.dispose();
  }

  private closeLater(): void {
    this.closing = setTimeout(() => void this.dispose(), this.parts.idleMs ?? IDLE_MS).unref();
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
