/** The trained model versions: which one is live, and how another one replaces it. */
import { toGlobalId } from '../../graphql/common/global-id';
import type { Page, PageArgs, UserErrorCode, UserErrorRecord } from '../../graphql/common/records';
import { userError } from '../../graphql/common/user-errors';
import type { Models } from '../../graphql/context';
import type { ActivationRecord, ModelVersionRecord } from '../../graphql/model-version/records';
import type { TopicHub } from '../../graphql/topics';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import type { ModelVersion } from '../../prisma/generated/sqlite/client';
import type { StoredVersion } from '../semantic-ids/active-tokenizer';
import { modelToLoad } from '../semantic-ids/model-to-load';
import type { CommittedChange } from '../storage/change-log';
import { isDatabaseFault } from '../storage/database-error';
import { modelVersionRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import type { ModelToLoad, ModelToResume } from '../workers/messages';
import { type ActivationPlan, planActivation, storeActivation } from './activation-plan';
import { type Filling, MissingCodes, type MissingCodesParts, warnOfRefused } from './missing-codes';
import { ModelVersionReads } from './model-version-reads';

export interface ModelStoreParts extends MissingCodesParts {
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
  /** Whether all workers have the live version. */
  readonly isWhole: () => boolean;
  /** Makes the former model live again. Returns false when the worker does not hold it any more. */
  readonly resume: (model: ModelToResume) => Promise<boolean>;
  /** The version that makes the lists now; null while no model does. */
  readonly liveVersionId: () => number | null;
}

type Guard = (transaction: Transaction) => Promise<void>;

export interface Activation {
  readonly modelVersion: ModelVersionRecord | null;
  readonly userErrors: readonly UserErrorRecord[];
}

export interface Restoration {
  /** The version that is live now. */
  readonly modelVersion: ModelVersionRecord | null;
  /** Why the active version is not live; null when it is, or when no version is active. */
  readonly problem: string | null;
}

/** What a new version is compared with. */
export interface Rival {
  /** The version that is active now; null when none is. */
  readonly activeId: number | null;
  /** That version, or the one that answers in its place; null when there is neither. */
  readonly version: ModelVersionRecord | null;
}

/** What an activation of this process has committed, for the worker if it still holds the version. */
interface CommittedPlan extends Pick<ActivationPlan, 'since' | 'changes'> {
  readonly modelVersionId: number;
  readonly isSameTokenizer: boolean;
}

export class ModelStore implements Models {
  private committed: CommittedPlan | null = null;
  /** The last activation that subscribers were told of. The log reports one again when another of its followers has failed. */
  private toldVersion = 0;
  private readonly missingCodes: MissingCodes;
  private readonly reads: ModelVersionReads;

  constructor(private readonly parts: ModelStoreParts) {
    this.reads = new ModelVersionReads(parts.services.database.read);
    this.missingCodes = new MissingCodes(parts);
  }

  version(id: number): Promise<ModelVersionRecord | null> {
    return this.reads.version(id);
  }

  versions(page: PageArgs): Promise<Page<ModelVersionRecord>> {
    return this.reads.versions(page);
  }

  former(): Promise<ModelVersionRecord | null> {
    return this.reads.former();
  }

  activationsAfter(catalogueVersion: number): Promise<ActivationRecord[]> {
    return this.reads.activationsAfter(catalogueVersion);
  }

  /** @returns The version that makes the lists, which is the active one unless that could not be loaded; null while none does. */
  async live(): Promise<ModelVersionRecord | null> {
    const id = this.parts.liveVersionId();
    return id === null ? null : this.version(id);
  }

  /**
   * The active version. If its files are lost or damaged, it is the version that answers now: an equal one could never replace the lost
   * one.
   *
   * @throws When nobody can tell now whether its files can be used, such as while the store gives no answer.
   */
  async rival(): Promise<Rival> {
    const active = await this.reads.activeRow();
    if (active === null) return { activeId: null, version: null };
    const isUsable = active.id === this.parts.liveVersionId() || (await this.damageOf(active)) === null;
    return { activeId: active.id, version: isUsable ? modelVersionRecord(active) : await this.live() };
  }

  /**
   * Makes a version active and retires the former one; going back to a former version is the same call. First its codes follow the
   * catalogue's changes since it was last active: added items get codes, removed ones lose them. When the checkpoint cannot be
   * used, nothing changes. This process makes the version live as any other does: when it hears of the change.
   *
   * @param guard - Runs first in the transaction of the activation; when it throws, nothing changes.
   */
  async activate(id: number, guard?: Guard): Promise<Activation> {
    const found = await this.reads.row(id);
    if (found === null)
      return refused(
        'NOT_FOUND',
        `expected a model version, got ${toGlobalId('ModelVersion', id)}; modelVersions lists them`,
      );
    const unusable = await this.damageOf(found);
    if (unusable !== null) return unusableVersion(found, unusable);
    return this.parts.services.log.exclusive(async () => {
      const version = (await this.reads.row(id))!;
      const plan = await planActivation(this.parts.services, version).catch(checkpointErrorOf);
      if (plan instanceof Error) return unusableVersion(version, plan);
      warnOfRefused(plan.codes, plan.tokenizer, this.parts.onWarning);
      const activated = modelVersionRecord(await this.commitActivation(version, plan, guard));
      this.parts.onNews(`Model version ${version.number} is activated`);
      return { modelVersion: activated, userErrors: [] };
    });
  }

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
    const { log } = this.parts.services;
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
    return log.steadily(async () => {
      const version = await this.reads.activeRow();
      if (version === null || this.isServed(version)) return liveAs(version);
      const before = this.parts.liveVersionId();
      const into = version.id === before ? this.parts.revive : this.parts.load;
      const { modelVersion, problem } = await this.load(version, into).then(() => liveAs(version), problemOf(version));
      if (problem === null) this.tellLive(version, before);
      return { modelVersion, problem: problem ?? (this.parts.isWhole() ? null : 'a decode worker has ended again') };
    });
  }

  /** @returns Why its files cannot be used; null when they can. @throws When nobody can tell now. */
  private damageOf(version: StoredVersion): Promise<Error | null> {
    return this.parts.prepare(version).then(() => null, checkpointErrorOf);
  }

  private isServed({ id }: StoredVersion): boolean {
    return id === this.parts.liveVersionId() && this.parts.isWhole();
  }

  /** Gives codes to some live items that have none: see `MissingCodes.fill`. */
  giveMissingCodes(after: number): Promise<Filling> {
    return this.missingCodes.fill(after);
  }

  private async makeLive(version: StoredVersion | null, catalogueVersion: number): Promise<Restoration> {
    if (version === null) return liveAs(null);
    const before = this.parts.liveVersionId();
    try {
      if (!(await this.resume(version, catalogueVersion))) await this.load(version);
      this.tellLive(version, before);
      return liveAs(version);
    } catch (error) {
      if (isDatabaseFault(error)) throw error;
      return problemOf(version)(error as Error);
    }
  }

  private tellLive({ id, number }: StoredVersion, before: number | null): void {
    if (id !== before) this.parts.onNews(`Model version ${number} makes the lists of this process`);
  }

  /** @returns Whether the worker still holds the version, and it could catch up with what it has missed. */
  private async resume({ id }: StoredVersion, catalogueVersion: number): Promise<boolean> {
    const plan = this.committed;
    this.committed = null;
    if (plan === null || plan.modelVersionId !== id || plan.changes === null) return false;
    const changes = plan.isSameTokenizer ? null : plan.changes;
    return this.parts.resume({ modelVersionId: id, catalogueVersion, since: plan.since, changes });
  }

  private async load(version: StoredVersion, into = this.parts.load): Promise<void> {
    await into(await modelToLoad(this.parts.services.database, version));
  }

  private async commitActivation(version: StoredVersion, plan: ActivationPlan, guard?: Guard): Promise<ModelVersion> {
    const { id: modelVersionId, tokenizerId } = version;
    const { result } = await this.parts.services.log.commit(async (transaction) => {
      await guard?.(transaction);
      const items = await storeActivation(transaction, plan);
      await transaction.modelVersion.updateMany({ where: { status: 'ACTIVE' }, data: { status: 'RETIRED' } });
      const row = await transaction.modelVersion.update({ where: { id: modelVersionId }, data: { status: 'ACTIVE' } });
      return { result: row, entries: [{ kind: 'MODEL_ACTIVATED', tokenizerId, items, modelVersionId }] };
    });
    const { since, changes, active, tokenizer } = plan;
    this.committed = { modelVersionId, since, changes, isSameTokenizer: active?.id === tokenizer.id };
    return result;
  }
}

function liveAs(version: StoredVersion | null): Restoration {
  return { modelVersion: version && modelVersionRecord(version), problem: null };
}

function problemOf({ number }: StoredVersion): (error: Error) => Restoration {
  return ({ message }) => ({ modelVersion: null, problem: `model version ${number} cannot be loaded: ${message}` });
}

function checkpointErrorOf(error: Error): Error {
  if (!isCheckpointError(error)) throw error;
  return error;
}

function unusableVersion({ number }: StoredVersion, { message }: Error): Activation {
  return refused(
    'UNUSABLE_CHECKPOINT',
    `version ${number} cannot be loaded: ${message}; restore its files from a backup, or train anew`,
  );
}

function refused(code: UserErrorCode, message: string): Activation {
  return { modelVersion: null, userErrors: [userError(code, `modelVersionId: ${message}`, 'modelVersionId')] };
}
