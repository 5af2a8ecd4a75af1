/** Trained model versions: which there are, which one is live, and how another one takes its place. */
import type { Page, PageArgs, UserErrorCode, UserErrorRecord } from '../../graphql/common/records';
import { userError } from '../../graphql/common/user-errors';
import type { Models } from '../../graphql/context';
import type { ModelVersionRecord } from '../../graphql/model-version/records';
import type { TopicHub } from '../../graphql/topics';
import type { ModelVersion } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import { readCodeTableAtVersion, withRows } from '../semantic-ids/code-table';
import { tokenizerOf } from '../semantic-ids/live-tokenizer';
import { plannedChanges, type PlannedCodes, storePlan } from '../semantic-ids/reencoding';
import { countPrefixes, recountPrefixes, writeSemanticIds } from '../semantic-ids/semantic-id-rows';
import { currentVersion, type LoggedItem } from '../storage/change-log';
import type { Transaction } from '../storage/database';
import { writeVectors } from '../storage/item-vectors';
import { decodeCursor, ID_CURSOR, pageOf } from '../storage/pages';
import { modelVersionRecord } from '../storage/records';
import type { LoadModelRequest, ResumeModelRequest } from '../workers/messages';
import { type ActivationPlan, planActivation, type StoredVersion } from './activation-plan';

export interface ModelStoreParts {
  readonly services: CatalogueServices;
  readonly hub: TopicHub;
  /** Loads weights, codebooks and trie as one unit, which then answers; rejects, and leaves all as it was, with a `CheckpointError` when the checkpoint is not to be used. */
  readonly load: (model: Omit<LoadModelRequest, 'type'>) => Promise<unknown>;
  /** Does the same with the model that answered before, as long as it is held; false when it is not. */
  readonly resume: (model: Omit<ResumeModelRequest, 'type'>) => Promise<boolean>;
  /** Something that people should read, such as items that found no place among the semantic IDs. */
  readonly onWarning: (message: string) => void;
}

export interface Activation {
  readonly modelVersion: ModelVersionRecord | null;
  readonly userErrors: readonly UserErrorRecord[];
}

export interface Restoration {
  /** The version that answers now. */
  readonly modelVersion: ModelVersionRecord | null;
  /** Why there is none, when there should be one. */
  readonly problem: string | null;
}

export class ModelStore implements Models {
  constructor(private readonly parts: ModelStoreParts) {}

  async active(): Promise<ModelVersionRecord | null> {
    const row = await this.activeRow();
    return row && modelVersionRecord(row);
  }

  async version(id: number): Promise<ModelVersionRecord | null> {
    const row = await this.row(id);
    return row && modelVersionRecord(row);
  }

  /** Newest first. */
  async versions({ first, after }: PageArgs): Promise<Page<ModelVersionRecord>> {
    const rows = await this.client.modelVersion.findMany({
      where: after === null ? {} : { id: { lt: decodeCursor(after, ID_CURSOR) } },
      orderBy: { id: 'desc' },
      take: first + 1,
    });
    return pageOf(rows, first, (row) => row.id, modelVersionRecord);
  }

  /**
   * Makes a version live, the former one retired; also the way back. What has happened to the catalogue since its codes
   * were last in step is made up for first: items that came get codes, those that went lose them. A checkpoint that cannot
   * be loaded changes nothing.
   */
  activate(id: number): Promise<Activation> {
    return this.parts.services.log.exclusive(async (catalogueVersion) => {
      const version = await this.row(id);
      if (version === null) return refused('NOT_FOUND', `expected a model version, got ${id}`);
      const plan = await this.prepare(version, catalogueVersion).catch(checkpointErrorOf);
      if (plan instanceof Error) {
        const message = `version ${version.number} cannot be loaded: ${plan.message}`;
        return refused('UNUSABLE_CHECKPOINT', message);
      }
      const modelVersion = modelVersionRecord(await this.commitActivation(version, plan, catalogueVersion));
      this.parts.hub.publish('ACTIVE_MODEL_CHANGES', modelVersion);
      return { modelVersion, userErrors: [] };
    });
  }

  /**
   * Loads the active version when the process starts.
   *
   * @returns Null for the version when there is none, or, with the problem, when it cannot be loaded.
   */
  restore(): Promise<Restoration> {
    return this.parts.services.log.exclusive(() => this.reload());
  }

  /** As `restore`, for whoever is within `exclusive` already. */
  async reload(): Promise<Restoration> {
    const version = await this.activeRow();
    if (version === null) return { modelVersion: null, problem: null };
    try {
      await this.fillIn(version);
      await this.load(version, []);
      return { modelVersion: modelVersionRecord(version), problem: null };
    } catch (error) {
      const problem = `model version ${version.number} cannot be loaded: ${(error as Error).message}`;
      return { modelVersion: null, problem };
    }
  }

  /** Gives codes to live items that have none, such as those that another process has imported. */
  async fillGaps(): Promise<void> {
    const version = await this.activeRow();
    if (version !== null) await this.fillIn(version);
  }

  private get client() {
    return this.parts.services.database.read;
  }

  private row(id: number): Promise<StoredVersion | null> {
    return this.client.modelVersion.findUnique({ where: { id }, include: { tokenizer: true } });
  }

  private activeRow(): Promise<StoredVersion | null> {
    return this.client.modelVersion.findFirst({ where: { status: 'ACTIVE' }, include: { tokenizer: true } });
  }

  /** Works out what it takes, and lets the version answer. */
  private async prepare(version: StoredVersion, catalogueVersion: number): Promise<ActivationPlan> {
    const plan = await planActivation(this.parts.services, version);
    this.warnOfRefused(plan.codes);
    const isLive = plan.live?.id === plan.tokenizer.id;
    const resumed = {
      modelVersionId: version.id,
      catalogueVersion,
      since: plan.since,
      changes: isLive ? null : plan.changes,
    };
    const isResumed = plan.changes !== null && (await this.parts.resume(resumed));
    // A live tokenizer's planned codes reach the trie when they are committed.
    if (!isResumed) await this.load(version, isLive ? [] : plannedChanges(plan.codes));
    return plan;
  }

  /** @param added - Codes that are not stored yet, in place of those that are. */
  private async load(version: StoredVersion, added: readonly { itemId: number; after: readonly number[] }[]) {
    const { id: tokenizerId, idLength } = tokenizerOf(version);
    const { table, catalogueVersion } = await readCodeTableAtVersion(this.client, tokenizerId);
    const { itemIds, codes, live } = withRows(table, added);
    await this.parts.load({
      modelVersionId: version.id,
      tokenizerId,
      checkpointDir: version.checkpointDir,
      table: { idLength, itemIds, codes },
      live,
      catalogueVersion,
    });
  }

  private async commitActivation(
    version: StoredVersion,
    plan: ActivationPlan,
    catalogueVersion: number,
  ): Promise<ModelVersion> {
    try {
      const { result } = await this.parts.services.log.commit(async (transaction) => {
        const items = await storeActivation(transaction, plan);
        await transaction.modelVersion.updateMany({ where: { status: 'ACTIVE' }, data: { status: 'RETIRED' } });
        const row = await transaction.modelVersion.update({ where: { id: version.id }, data: { status: 'ACTIVE' } });
        const { tokenizerId } = version;
        return { result: row, entries: [{ kind: 'MODEL_ACTIVATED', tokenizerId, items, modelVersionId: version.id }] };
      });
      return result;
    } catch (error) {
      // What answers must be what the database says is active.
      const former = await this.activeRow();
      const resumed = former && { modelVersionId: former.id, catalogueVersion, since: 0, changes: [] };
      if (resumed && !(await this.parts.resume(resumed))) await this.load(former, []);
      throw error;
    }
  }

  /** Stores codes for items that have none, such as those imported while no server ran. */
  private async fillIn(version: StoredVersion): Promise<void> {
    const { tokenizer, codes } = await planActivation(this.parts.services, version);
    this.warnOfRefused(codes);
    if (plannedChanges(codes).length === 0) return;
    await this.parts.services.log.commit(async (transaction) => {
      const items = await storePlan(transaction, tokenizer, codes);
      return { result: undefined, entries: [{ kind: 'SEMANTIC_IDS_REASSIGNED', tokenizerId: tokenizer.id, items }] };
    });
  }

  private warnOfRefused(codes: readonly PlannedCodes[]): void {
    const refusedCount = codes.length - codes.filter(({ placement }) => 'codes' in placement).length;
    if (refusedCount > 0) this.parts.onWarning(`${refusedCount} items found no place among the semantic IDs`);
  }
}

/** @returns What changes for whoever follows the log under the tokenizer that is live already; else all codes are others. */
async function storeActivation(
  transaction: Transaction,
  { tokenizer, live, codes, changes }: ActivationPlan,
): Promise<LoggedItem[]> {
  if (live?.id === tokenizer.id) return storePlan(transaction, tokenizer, codes);
  await writeVectors(
    transaction,
    codes.flatMap(({ madeVector }) => madeVector ?? []),
  );
  const rows = plannedChanges(codes).map(({ itemId, after }) => ({ itemId, codes: after }));
  await writeSemanticIds(transaction, tokenizer.id, rows);
  if (changes === null) await recountPrefixes(transaction, tokenizer.id);
  else await countPrefixes(transaction, tokenizer.id, changes);
  if (live !== null) {
    const catalogueVersion = await currentVersion(transaction);
    await transaction.tokenizer.update({ where: { id: live.id }, data: { catalogueVersion } });
  }
  return [];
}

/** Errors from a worker are no instances of the class that they had there, but keep its name. */
function checkpointErrorOf(error: Error): Error {
  if (error.name !== 'CheckpointError') throw error;
  return error;
}

function refused(code: UserErrorCode, message: string): Activation {
  return { modelVersion: null, userErrors: [userError(code, `modelVersionId: ${message}`, 'modelVersionId')] };
}
