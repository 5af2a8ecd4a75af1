/** The model version that makes the lists of this process: how it is loaded, and how a newly active one replaces it. */
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { TopicHub } from '../../graphql/topics';
import type { ModelVersion } from '../../prisma/generated/sqlite/client';
import type { StoredVersion } from '../semantic-ids/active-tokenizer';
import { modelToLoad } from '../semantic-ids/code-table';
import type { CommittedChange } from '../storage/change-log';
import { isDatabaseFault } from '../storage/database-error';
import { modelVersionRecord } from '../storage/records';
import type { ModelToLoad, ModelToResume } from '../workers/messages';
import { type Filling, MissingCodes, type MissingCodesParts } from './missing-codes';
import type { CommittedPlan } from './model-store';
import { ModelVersionReads } from './model-version-reads';

export interface LiveVersionParts extends MissingCodesParts {
  readonly hub: TopicHub;
  /** Reads the files of a version that is to become live. Rejects with a `CheckpointError` when they cannot be used. */
  readonly prepare: (version: Pick<ModelVersion, 'id' | 'checkpointDir'>) => Promise<unknown>;
  /** Brings the files of a version to this machine, unless the store takes too long. Rejects when they do not come. */
  readonly fetch: (version: Pick<ModelVersion, 'checkpointDir'>) => Promise<unknown>;
  /**
   * Loads weights, codebooks and trie as one unit and makes it live. When the checkpoint cannot be used, it changes nothing and
   * rejects with a `CheckpointError`.
   */
  readonly load: (model: ModelToLoad) => Promise<unknown>;
  /** Loads the live version into the workers that have lost it. */
  readonly revive: (model: ModelToLoad) => Promise<unknown>;
  /** Whether all workers have the live version, or are about to. */
  readonly isWhole: () => boolean;
  /** Makes the former model live again. Returns false when the worker does not hold it any more. */
  readonly resume: (model: ModelToResume) => Promise<boolean>;
  /** The version that makes the lists now; null while no model does. */
  readonly liveVersionId: () => number | null;
}

export interface Restoration {
  /** The version that is live now. */
  readonly modelVersion: ModelVersionRecord | null;
  /** Why the active version is not live; null when it is, or when no version is active. */
  readonly problem: string | null;
}

export class LiveVersion {
  private readonly reads: ModelVersionReads;
  private readonly missingCodes: MissingCodes;
  /** The last activation that this process itself has committed. */
  private committed: CommittedPlan | null = null;
  /** The last activation that subscribers were told of. The log reports one again when another of its followers has failed. */
  private toldVersion = 0;

  constructor(private readonly parts: LiveVersionParts) {
    this.reads = new ModelVersionReads(parts.services.database.read);
    this.missingCodes = new MissingCodes(parts);
  }

  /** Begins what takes longest of `restore`, while other things are read. Never rejects: `restore` tells what is wrong. */
  async prepareActive(): Promise<void> {
    const active = await this.reads.activeRow().catch(() => null);
    if (active !== null) await this.parts.prepare(active).catch(() => undefined);
  }

  /**
   * Loads the active version, if it does not make the lists already.
   *
   * @returns The version is null when none is active, or when it cannot be loaded: then `problem` says why.
   */
  async restore(): Promise<Restoration> {
    const active = await this.reads.activeRow();
    if (active === null || this.isServed(active)) return liveAs(active);
    // Before anything is locked: while a store is slow or hangs, changes go on.
    const missing = await this.parts.fetch(active).then(() => null, problemOf(active));
    if (missing !== null) return missing;
    // The workers read its files while its codes are read. Loading it tells what is wrong with them.
    if (active.id !== this.parts.liveVersionId()) void this.parts.prepare(active).catch(() => undefined);
    // The followers give codes to those that are left: a large import shall not hold up the start.
    const { problem } = await this.giveMissingCodes(0);
    if (problem !== null) this.parts.onWarning(problem);
    return this.parts.services.log.steadily(() => this.loadActive());
  }

  /** Gives codes to some live items that have none: see `MissingCodes.fill`. */
  giveMissingCodes(after: number): Promise<Filling> {
    return this.missingCodes.fill(after);
  }

  /** Tells of an activation by this process: its workers may still hold the version when the log tells of it. */
  readonly noteCommitted = (plan: CommittedPlan): void => {
    this.committed = plan;
  };

  /**
   * Makes the active version live after an activation, by this process or another one. Called by the log's listener.
   *
   * @returns As `restore`. @throws When the database does not answer: the former version stays live.
   */
  async follow({ version, modelVersionId }: CommittedChange): Promise<Restoration> {
    const active = await this.reads.activeRow();
    const restoration = await this.makeLive(active, version);
    const activated = modelVersionId === undefined ? active : await this.reads.row(modelVersionId);
    const modelVersion = activated && modelVersionRecord(activated);
    if (modelVersion && version > this.toldVersion)
      this.parts.hub.publish('ACTIVE_MODEL_CHANGES', { catalogueVersion: version, modelVersion });
    this.toldVersion = Math.max(this.toldVersion, version);
    return restoration;
  }

  private isServed({ id }: StoredVersion): boolean {
    return id === this.parts.liveVersionId() && this.parts.isWhole();
  }

  private async loadActive(): Promise<Restoration> {
    const version = await this.reads.activeRow();
    if (version === null || this.isServed(version)) return liveAs(version);
    const { liveVersionId, revive, load, isWhole } = this.parts;
    const before = liveVersionId();
    const work = this.loadInto(version, version.id === before ? revive : load);
    const { modelVersion, problem } = await work.then(() => liveAs(version), problemOf(version));
    if (problem === null) this.tellLive(version, before);
    return { modelVersion, problem: problem ?? (isWhole() ? null : 'a decode worker has ended again') };
  }

  private async makeLive(version: StoredVersion | null, catalogueVersion: number): Promise<Restoration> {
    if (version === null) return liveAs(null);
    const before = this.parts.liveVersionId();
    try {
      if (!(await this.resume(version, catalogueVersion))) await this.loadInto(version, this.parts.load);
      this.tellLive(version, before);
      return liveAs(version);
    } catch (error) {
      if (isDatabaseFault(error)) throw error;
      return problemOf(version)(error as Error);
    }
  }

  /** @returns Whether the worker still holds the version, and it could catch up with what it has missed. */
  private async resume({ id }: StoredVersion, catalogueVersion: number): Promise<boolean> {
    const plan = this.committed;
    this.committed = null;
    if (plan === null || plan.modelVersionId !== id || plan.changes === null) return false;
    const changes = plan.isSameTokenizer ? null : plan.changes;
    return this.parts.resume({ modelVersionId: id, catalogueVersion, since: plan.since, changes });
  }

  private async loadInto(version: StoredVersion, load: LiveVersionParts['load']): Promise<void> {
    await load(await modelToLoad(this.parts.services.database, version));
  }

  private tellLive({ id, number }: StoredVersion, before: number | null): void {
    if (id !== before) this.parts.onNews(`Model version ${number} makes the lists of this process`);
  }
}

function liveAs(version: StoredVersion | null): Restoration {
  return { modelVersion: version && modelVersionRecord(version), problem: null };
}

function problemOf({ number }: StoredVersion): (error: Error) => Restoration {
  return ({ message }) => ({ modelVersion: null, problem: `model version ${number} cannot be loaded: ${message}` });
}
