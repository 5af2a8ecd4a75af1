/** Trained model versions: which there are, which one is live, and how another one takes its place. */
import type { Models, ModelVersionRecord, Page, PageArgs, UserErrorCode, UserErrorRecord } from '../graphql/context';
import type { TopicHub } from '../graphql/topics';
import type { ModelVersion, Tokenizer } from '../prisma/generated/sqlite/client';
import type { CatalogueServices } from './catalogue-services';
import type { Transaction } from './database';
import { currentVersion } from './change-log';
import { type LiveTokenizer, tokenizerOf } from './live-tokenizer';
import { decodeCursor, ID_CURSOR, pageOf } from './pages';
import { RecommendationReads } from './recommendation-reads';
import { modelVersionRecord } from './records';
import { planCodes, plannedChanges, type PlannedCodes, storePlan } from './reencoding';
import { recountPrefixes, writeSemanticIds } from './semantic-id-rows';
import { writeVectors } from './item-vectors';
import { userError } from './user-errors';
import type { LoadModelRequest } from './workers/messages';

export interface ModelStoreParts {
  readonly services: CatalogueServices;
  readonly hub: TopicHub;
  /** Loads weights, codebooks and trie as one unit, which then answers; rejects, and leaves all as it was, with a `CheckpointError` when the checkpoint is not to be used. */
  readonly load: (model: Omit<LoadModelRequest, 'type'>) => Promise<unknown>;
  /** Something that people should read, such as items that found no place among the semantic IDs. */
  readonly onWarning: (message: string) => void;
}

type StoredVersion = ModelVersion & { tokenizer: Tokenizer };

export interface Activation {
  readonly modelVersion: ModelVersionRecord | null;
  readonly userErrors: readonly UserErrorRecord[];
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
   * Makes a version live, the former one retired; also the way back. Items that came after its training get their codes
   * under its tokenizer first. A checkpoint that cannot be loaded changes nothing.
   */
  activate(id: number): Promise<Activation> {
    return this.parts.services.log.exclusive(async () => {
      const version = await this.row(id);
      if (version === null) return refused('NOT_FOUND', `expected a model version, got ${id}`);
      const plan = await this.loadWith(version).catch(checkpointErrorOf);
      if (plan instanceof Error) {
        const message = `version ${version.number} cannot be loaded: ${plan.message}`;
        return refused('UNUSABLE_CHECKPOINT', message);
      }
      const modelVersion = modelVersionRecord(await this.commitActivation(version, plan));
      this.parts.hub.publish('ACTIVE_MODEL_CHANGES', modelVersion);
      return { modelVersion, userErrors: [] };
    });
  }

  /**
   * Loads the active version when the process starts.
   *
   * @returns The version that answers now; null when there is none, or, with the problem, when it cannot be loaded.
   */
  restore(): Promise<{ modelVersion: ModelVersionRecord | null; problem: string | null }> {
    return this.parts.services.log.exclusive(async () => {
      const version = await this.activeRow();
      if (version === null) return { modelVersion: null, problem: null };
      try {
        await this.fillIn(version);
        await this.loadWith(version);
        return { modelVersion: modelVersionRecord(version), problem: null };
      } catch (error) {
        const problem = `model version ${version.number} cannot be loaded: ${(error as Error).message}`;
        return { modelVersion: null, problem };
      }
    });
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

  /** @returns The codes with which it was loaded and that are not stored yet. */
  private async loadWith(version: StoredVersion): Promise<readonly PlannedCodes[]> {
    const tokenizer = tokenizerOf(version);
    const plan = await this.planMissing(tokenizer);
    const { itemIds, codes, live } = await new RecommendationReads(this.client).codeTable(tokenizer.id);
    const added = plannedChanges(plan);
    await this.parts.load({
      modelVersionId: version.id,
      checkpointDir: version.checkpointDir,
      table: {
        depth: tokenizer.depth,
        itemIds: Int32Array.from([...itemIds, ...added.map(({ itemId }) => itemId)]),
        codes: Int32Array.from([...codes, ...added.flatMap(({ after }) => after)]),
      },
      live: Uint8Array.from([...live, ...added.map(() => 1)]),
      catalogueVersion: await currentVersion(this.client),
    });
    return plan;
  }

  /** Codes for live items that have none under this tokenizer, such as those added since its training. */
  private async planMissing(tokenizer: LiveTokenizer): Promise<PlannedCodes[]> {
    const rows = await this.client.item.findMany({
      where: { removedAt: null, semanticIds: { none: { tokenizerId: tokenizer.id } } },
      select: { id: true, title: true, brand: true, categories: true },
      orderBy: { id: 'asc' },
    });
    const items = rows.map((row) => ({
      itemId: row.id,
      title: row.title,
      brand: row.brand,
      categories: row.categories as string[],
      textChanged: false,
    }));
    const plan = items.length === 0 ? [] : await planCodes(this.parts.services, tokenizer, items);
    const refusedCount = plan.length - plannedChanges(plan).length;
    if (refusedCount > 0) this.parts.onWarning(`${refusedCount} items found no place among the semantic IDs`);
    return plan;
  }

  private async commitActivation(version: StoredVersion, plan: readonly PlannedCodes[]): Promise<ModelVersion> {
    try {
      return await this.parts.services.log.commit(async (transaction) => {
        await storeCodes(transaction, version.tokenizerId, plan);
        await recountPrefixes(transaction, version.tokenizerId);
        await transaction.modelVersion.updateMany({ where: { status: 'ACTIVE' }, data: { status: 'RETIRED' } });
        const row = await transaction.modelVersion.update({ where: { id: version.id }, data: { status: 'ACTIVE' } });
        return { result: row, entries: [{ kind: 'MODEL_ACTIVATED', items: [], modelVersionId: version.id }] };
      });
    } catch (error) {
      // What answers must be what the database says is active.
      const former = await this.activeRow();
      if (former) await this.loadWith(former);
      throw error;
    }
  }

  /** Stores codes for items that have none, such as those imported while no server ran. */
  private async fillIn(version: StoredVersion): Promise<void> {
    const tokenizer = tokenizerOf(version);
    const plan = await this.planMissing(tokenizer);
    if (plannedChanges(plan).length === 0) return;
    await this.parts.services.log.commit(async (transaction) => {
      const items = await storePlan(transaction, tokenizer, plan);
      return { result: undefined, entries: [{ kind: 'SEMANTIC_IDS_REASSIGNED', items }] };
    });
  }
}

/** Without counts: those of a tokenizer that was not live are made anew. */
async function storeCodes(transaction: Transaction, tokenizerId: number, plan: readonly PlannedCodes[]): Promise<void> {
  await writeVectors(
    transaction,
    plan.flatMap(({ freshVector }) => freshVector ?? []),
  );
  const changes = plannedChanges(plan).map(({ itemId, after }) => ({ itemId, codes: after }));
  await writeSemanticIds(transaction, tokenizerId, changes);
}

/** Errors from a worker are no instances of the class that they had there, but keep its name. */
function checkpointErrorOf(error: Error): Error {
  if (error.name !== 'CheckpointError') throw error;
  return error;
}

function refused(code: UserErrorCode, message: string): Activation {
  return { modelVersion: null, userErrors: [userError(code, `modelVersionId: ${message}`, 'modelVersionId')] };
}
