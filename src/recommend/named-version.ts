/**
 * The model version that makes lists for callers who name one that is not live. It is opened when somebody asks for it, and closed when
 * nobody does any more.
 */
import { Mutex } from 'async-mutex';
import { GraphQLError } from 'graphql';

import { badInput } from '../../graphql/common/errors';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import { findActiveTokenizer, findVersion, type StoredVersion } from '../semantic-ids/active-tokenizer';
import { modelToLoad } from '../semantic-ids/code-table';
import { atFormerVersion } from '../semantic-ids/former-codes';
import { currentVersion } from '../storage/change-log-reads';
import type { Database } from '../storage/database';
import type { DecodeProtocol, VersionedList } from '../workers/messages';
import type { WorkerClient } from '../workers/spawn-worker';
import { ColdItems, type ListModel } from './cold-items';
import { DecodePool } from './decode-pool';
import { ListQueue } from './queue';

/** A model that has made no list for this long gives its memory back. */
const IDLE_MS = 300_000;

interface NamedVersionParts {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly store: { open(key: string): Promise<string> };
  readonly spawn: () => WorkerClient<DecodeProtocol>;
  readonly idleMs?: number;
}

interface OpenVersion {
  readonly modelVersionId: number;
  /** The former version of the catalogue that it has; null: it follows the present one. */
  readonly formerCatalogue: number | null;
  readonly pool: DecodePool;
  readonly model: ListModel;
  /** The catalogue as its trie has it; null: it is not loaded yet. */
  catalogueVersion: number | null;
  /** Whether its codes name other prefixes than those of the catalogue. */
  hasOwnCodes: boolean;
  /** Resolves when the lists that it makes are made. */
  lists: Promise<unknown>;
}

export class NamedVersion {
  private opened: OpenVersion | null = null;
  private closing: NodeJS.Timeout | undefined;
  /** One version is open at a time: each takes the memory of a whole model. */
  private readonly lock = new Mutex();

  constructor(private readonly parts: NamedVersionParts) {}

  /**
   * Makes lists with the codes of the version's own tokenizer. It cannot recommend items that have no such codes yet.
   *
   * @param formerCatalogue - The version of the catalogue to go back to; absent: the present one.
   * @throws {PublicError} When there is no such version, or its checkpoint is missing or damaged.
   */
  async use<T>(id: number, make: (model: ListModel) => Promise<T>, formerCatalogue: number | null = null): Promise<T> {
    const version = await this.version(id);
    clearTimeout(this.closing);
    try {
      // Others may ask the version for lists meanwhile.
      const { list } = await this.lock.runExclusive(() => this.begin(version, formerCatalogue, make));
      return await list;
    } catch (error) {
      // Its worker may have ended; the next call opens it anew. A refused list, or a client that has gone, ends nobody else's.
      if (!(error instanceof GraphQLError)) await this.dispose();
      throw isCheckpointError(error) ? unusable(version, error) : error;
    } finally {
      clearTimeout(this.closing);
      this.closing = setTimeout(() => void this.dispose(), this.parts.idleMs ?? IDLE_MS).unref();
    }
  }

  dispose(): Promise<void> {
    return this.lock.runExclusive(() => this.close());
  }

  private async version(id: number): Promise<StoredVersion> {
    const version = await findVersion(this.parts.database.read, id);
    if (version === null) throw refusal(NOT_KEPT);
    return version;
  }

  private async begin<T>(
    version: StoredVersion,
    formerCatalogue: number | null,
    make: (model: ListModel) => Promise<T>,
  ) {
    const opened = await this.open(version, formerCatalogue);
    const list = make(opened.model);
    opened.lists = Promise.allSettled([opened.lists, list]);
    return { list };
  }

  private async open(version: StoredVersion, formerCatalogue: number | null): Promise<OpenVersion> {
    const { read } = this.parts.database;
    const isOpen = this.opened?.modelVersionId === version.id && this.opened.formerCatalogue === formerCatalogue;
    if (!isOpen) await this.close();
    const opened = (this.opened ??= this.start(version.id, formerCatalogue));
    if (opened.catalogueVersion !== (formerCatalogue ?? (await currentVersion(read)))) await this.load(opened, version);
    opened.hasOwnCodes = (await findActiveTokenizer(read))?.id !== version.tokenizer.id;
    return opened;
  }

  private start(modelVersionId: number, formerCatalogue: number | null): OpenVersion {
    const pool = new DecodePool([this.parts.spawn()]);
    const queue = new ListQueue(pool);
    const state: ListModel['pool'] = {
      modelVersionId, // also when its worker has ended: then the list fails, and no popular items stand for it
      get knownItems() {
        return pool.knownItems;
      },
    };
    const lists: ListModel['lists'] = {
      recommend: async (users, signal) => {
        const made = await queue.recommend(users, signal);
        return opened.hasOwnCodes ? made.map(withoutCodes) : made;
      },
    };
    const coldItems = new ColdItems(this.parts.database.read, pool);
    const opened: OpenVersion = {
      ...{ modelVersionId, formerCatalogue, pool, model: { pool: state, lists, coldItems } },
      ...{ catalogueVersion: null, hasOwnCodes: true, lists: Promise.resolve() },
    };
    return opened;
  }

  private async load(opened: OpenVersion, version: StoredVersion): Promise<void> {
    const present = await modelToLoad(this.parts.database, version);
    const { formerCatalogue } = opened;
    const model =
      formerCatalogue === null ? present : await atFormerVersion(this.parts.database.read, present, formerCatalogue);
    await opened.pool.load({ ...model, checkpointDir: await this.parts.store.open(model.checkpointDir) });
    opened.catalogueVersion = model.catalogueVersion;
  }

  private async close(): Promise<void> {
    clearTimeout(this.closing);
    const { opened } = this;
    this.opened = null;
    await opened?.lists;
    await opened?.pool.dispose();
  }
}

const NOT_KEPT =
  'expected the ID of a model version that is kept, got another one, such as one that `tigerql prune` or TIGERQL_KEPT_VERSIONS removed; modelVersions lists them';

function withoutCodes(list: VersionedList): VersionedList {
  const recommendations = list.recommendations.map((one) => ({ ...one, codes: [], logProbabilities: [] }));
  return { ...list, recommendations, dropped: list.dropped && { ...list.dropped, codes: [] } };
}

function unusable({ number }: StoredVersion, { message }: Error): GraphQLError {
  return refusal(
    `expected a version that can be loaded, got version ${number}: ${message}; restore its files from a backup, or choose another version`,
  );
}

function refusal(message: string): GraphQLError {
  return badInput({ path: ['modelVersion'], message: `modelVersion: ${message}` });
}
