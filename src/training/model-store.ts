/** The trained model versions: which one is active, and how another one replaces it. `LiveVersion` makes lists by it. */
import { userError } from '../../graphql/common/errors';
import { toGlobalId } from '../../graphql/common/global-id';
import type { UserErrorCode, UserErrorRecord } from '../../graphql/common/records';
import type { Models } from '../../graphql/context';
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import type { ModelVersion } from '../../prisma/generated/sqlite/client';
import type { StoredVersion } from '../semantic-ids/active-tokenizer';
import { modelVersionRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import { type ActivationPlan, planActivation, readMissed, storeActivation } from './activation-plan';
import { type MissingCodesParts, warnOfRefused } from './missing-codes';
import { ModelVersionReads } from './model-version-reads';

export interface ModelStoreParts extends MissingCodesParts {
  /** Reads the files of a version that is to become live. Rejects with a `CheckpointError` when they cannot be used. */
  readonly prepare: (version: Pick<ModelVersion, 'id' | 'checkpointDir'>) => Promise<unknown>;
  /** The version that makes the lists of this process; null while none does. */
  readonly liveVersionId: () => number | null;
  /** Called when an activation is committed. The process then makes the version live as any other does: when it hears of the change. */
  readonly onCommitted: (plan: CommittedPlan) => void;
}

type Guard = (transaction: Transaction) => Promise<void>;

export interface Activation {
  readonly modelVersion: ModelVersionRecord | null;
  readonly userErrors: readonly UserErrorRecord[];
}

/** What a new version is compared with. */
export interface Rival {
  /** The version that is active now; null when none is. */
  readonly activeId: number | null;
  /** That version, or the one that answers in its place; null when there is neither. */
  readonly version: ModelVersionRecord | null;
}

/** What an activation has committed, for a worker that still holds the version. */
export interface CommittedPlan extends Pick<ActivationPlan, 'since' | 'changes'> {
  readonly modelVersionId: number;
  readonly isSameTokenizer: boolean;
}

export class ModelStore extends ModelVersionReads implements Models {
  constructor(private readonly parts: ModelStoreParts) {
    super(parts.services.database.read);
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
    const active = await this.activeRow();
    if (active === null) return { activeId: null, version: null };
    const isUsable = active.id === this.parts.liveVersionId() || (await this.damageOf(active)) === null;
    return { activeId: active.id, version: isUsable ? modelVersionRecord(active) : await this.live() };
  }

  /**
   * Makes a version active and retires the former one; going back to a former version is the same call. First its codes follow the
   * catalogue's changes since it was last active: added items get codes, removed ones lose them. When the checkpoint cannot be
   * used, nothing changes.
   *
   * @param guard - Runs first in the transaction of the activation; when it throws, nothing changes.
   */
  async activate(id: number, guard?: Guard): Promise<Activation> {
    const found = await this.row(id);
    if (found === null)
      return refused(
        'NOT_FOUND',
        `expected a model version, got ${toGlobalId('ModelVersion', id)}; modelVersions lists them`,
      );
    const unusable = await this.damageOf(found);
    if (unusable !== null) return unusableVersion(found, unusable);
    const missed = await readMissed(this.parts.services, found);
    return this.parts.services.log.exclusive(async () => {
      const version = (await this.row(id))!;
      const plan = await planActivation(this.parts.services, version, missed).catch(checkpointErrorOf);
      if (plan instanceof Error) return unusableVersion(version, plan);
      warnOfRefused(plan.codes, plan.tokenizer, this.parts.onWarning);
      const activated = modelVersionRecord(await this.commitActivation(version, plan, guard));
      this.parts.onNews(`Model version ${version.number} is activated`);
      return { modelVersion: activated, userErrors: [] };
    });
  }

  /** @returns Why its files cannot be used; null when they can. @throws When nobody can tell now. */
  private damageOf(version: StoredVersion): Promise<Error | null> {
    return this.parts.prepare(version).then(() => null, checkpointErrorOf);
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
    this.parts.onCommitted({ modelVersionId, since, changes, isSameTokenizer: active?.id === tokenizer.id });
    return result;
  }
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
