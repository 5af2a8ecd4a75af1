/** The trained model versions: reads of them, and how another one becomes the active one. `LiveVersion` makes lists by it. */
import { userError } from '../../graphql/common/errors';
import { toGlobalId } from '../../graphql/common/global-id';
import type { Page, PageArgs, UserErrorCode } from '../../graphql/common/records';
import type { Models } from '../../graphql/context';
import type { ActivationRecord, ModelVersionRecord } from '../../graphql/model-version/records';
import type { ActivateModelVersionPayload } from '../../graphql/model-version/types';
import { isCheckpointError } from '../../models/checkpoint/checkpoint';
import type { CodeChange } from '../../models/decoding/trie';
import type { ModelVersion } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/changes';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import type { Logger } from '../logger';
import {
  type ActiveTokenizer,
  findActiveTokenizer,
  findActiveVersion,
  findVersion,
  type StoredVersion,
  tokenizerOf,
} from '../semantic-ids/active-tokenizer';
import { planCodes, plannedChanges, type PlannedCodes, readCodes, storePlan } from '../semantic-ids/code-plan';
import { itemsToEncode, namedItemsToEncode } from '../semantic-ids/items-to-encode';
import { countPrefixes, writeSemanticIds } from '../semantic-ids/semantic-id-rows';
import {
  activationRows,
  currentVersion,
  type LoggedItem,
  type LogRow,
  type Touched,
  touchedSince,
} from '../storage/change-log-reads';
import { idCursorsOf, newestFirst, pageOf } from '../storage/cursor-pages';
import type { Database } from '../storage/database';
import { liveItemIds, writeVectors } from '../storage/item-rows';
import { modelVersionRecord } from '../storage/records';
import type { Transaction } from '../storage/transaction';
import type { LiveVersion } from './live-version';
import { warnOfRefused } from './missing-codes';

const VERSION_CURSORS = idCursorsOf('modelVersions');

export interface ModelStoreParts {
  readonly services: CatalogueServices;
  readonly store: Pick<CheckpointStore, 'open'>;
  /** The version that makes the lists of this process; null: it makes none. Then a version's files need only be in the store. */
  readonly live: Pick<LiveVersion, 'id' | 'prepare'> | null;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

type Guard = (transaction: Transaction) => Promise<void>;

/** The version that a new one is compared with. */
export interface Rival {
  /** The version that is active now; null when none is. */
  readonly activeId: number | null;
  /** That version, or the one that answers in its place; null when there is neither. */
  readonly version: ModelVersionRecord | null;
}

export class ModelStore implements Models {
  private readonly read: Database['read'];

  constructor(private readonly parts: ModelStoreParts) {
    this.read = parts.services.database.read;
  }

  async version(id: number): Promise<ModelVersionRecord | null> {
    const row = await findVersion(this.read, id);
    return row && modelVersionRecord(row);
  }

  /** Newest first. */
  async versions(page: PageArgs): Promise<Page<ModelVersionRecord>> {
    const rows = await this.read.modelVersion.findMany(newestFirst(page, VERSION_CURSORS));
    return pageOf(rows, page.first, VERSION_CURSORS, modelVersionRecord);
  }

  /** @returns The version that was active before the active one; also null when that has been activated again and again since. */
  async former(): Promise<ModelVersionRecord | null> {
    const last = await this.activations(0, 'desc');
    const active = last[0]?.modelVersion.id;
    return last.find(({ modelVersion }) => modelVersion.id !== active)?.modelVersion ?? null;
  }

  /** The next ones, oldest first. */
  activationsAfter(catalogueVersion: number): Promise<ActivationRecord[]> {
    return this.activations(catalogueVersion, 'asc');
  }

  /** @returns The version that makes the lists, which is the active one unless that could not be loaded; null while none does. */
  async live(): Promise<ModelVersionRecord | null> {
    const id = this.parts.live?.id ?? null;
    return id === null ? null : this.version(id);
  }

  /**
   * The active version. If its files are lost or damaged, it is the version that answers now: an equal one could never replace the lost
   * one.
   *
   * @throws When the store gives no answer, so that it is unknown whether its files can be used.
   */
  async rival(): Promise<Rival> {
    const active = await findActiveVersion(this.read);
    if (active === null) return { activeId: null, version: null };
    const isUsable = active.id === this.parts.live?.id || (await this.damageOf(active)) === null;
    return { activeId: active.id, version: isUsable ? modelVersionRecord(active) : await this.live() };
  }

  /**
   * Makes a version active and retires the former one; going back to a former version is the same call. First its codes follow the
   * catalogue's changes since it was last active: added items get codes, removed ones lose them. When the checkpoint cannot be
   * used, nothing changes.
   *
   * @param guard - Runs first in the transaction of the activation; when it throws, nothing changes.
   */
  async activate(id: number, guard?: Guard): Promise<ActivateModelVersionPayload> {
    const found = await findVersion(this.read, id);
    if (found === null)
      return refused(
        'NOT_FOUND',
        `expected a model version, got ${toGlobalId('ModelVersion', id)}; modelVersions lists them`,
      );
    const unusable = await this.damageOf(found);
    if (unusable !== null) return unusableVersion(found, unusable);
    return this.parts.services.log.exclusive(async () => {
      const version = (await findVersion(this.read, id))!;
      const plan = await planActivation(this.parts.services, version).catch(checkpointErrorOf);
      if (plan instanceof Error) return unusableVersion(version, plan);
      warnOfRefused(plan.codes, plan.tokenizer, this.parts.logger);
      const activated = modelVersionRecord(await this.commitActivation(version, plan, guard));
      this.parts.logger.info(`Model version ${version.number} is activated`);
      return { modelVersion: activated, userErrors: [] };
    });
  }

  /** @returns Why its files cannot be used; null when they can. @throws When that is unknown now. */
  private damageOf(version: StoredVersion): Promise<Error | null> {
    const { live, store } = this.parts;
    const reading: Promise<unknown> = live === null ? store.open(version.checkpointDir) : live.prepare(version);
    return reading.then(() => null, checkpointErrorOf);
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
    return result;
  }

  private async activations(after: number, order: 'asc' | 'desc'): Promise<ActivationRecord[]> {
    const rows = await activationRows(this.read, after, order);
    const idOf = ({ payload }: LogRow) => (payload as { modelVersionId?: number }).modelVersionId ?? 0;
    const found = await this.read.modelVersion.findMany({ where: { id: { in: rows.map(idOf) } } });
    const records = new Map(found.map((row) => [row.id, modelVersionRecord(row)]));
    return rows.flatMap((row) => {
      const modelVersion = records.get(idOf(row));
      return modelVersion === undefined ? [] : { catalogueVersion: row.version, modelVersion };
    });
  }
}

function checkpointErrorOf(error: Error): Error {
  if (!isCheckpointError(error)) throw error;
  return error;
}

function unusableVersion({ number }: StoredVersion, { message }: Error): ActivateModelVersionPayload {
  return refused(
    'UNUSABLE_CHECKPOINT',
    `version ${number} cannot be loaded: ${message}; restore its files from a backup, or train anew`,
  );
}

function refused(code: UserErrorCode, message: string): ActivateModelVersionPayload {
  return { modelVersion: null, userErrors: [userError(code, `modelVersionId: ${message}`, 'modelVersionId')] };
}

interface ActivationPlan {
  readonly tokenizer: ActiveTokenizer;
  /** The tokenizer that is active now; null when there is none. */
  readonly active: ActiveTokenizer | null;
  /** New codes for the items with a vector that have none under it, and for those whose text or vector changed since then. */
  readonly codes: readonly PlannedCodes[];
  /** All changes to its codes since it was active, or made, `codes` included. */
  readonly changes: readonly CodeChange[];
}

/** Plans which semantic IDs of the version's tokenizer have to change before it can be active. It only reads and computes. */
export async function planActivation(services: CatalogueServices, version: StoredVersion): Promise<ActivationPlan> {
  const { read } = services.database;
  const tokenizer = tokenizerOf(version);
  const active = await findActiveTokenizer(read);
  const isActive = active?.id === tokenizer.id;
  const touched = isActive ? NO_ITEMS : (await touchedSince(read, version.tokenizer.catalogueVersion)).items;
  const codes = await planMissing(services, tokenizer, touched);
  return { tokenizer, active, codes, changes: await changesOf(read, tokenizer, touched, codes) };
}

const NO_ITEMS: ReadonlyMap<number, Touched> = new Map();

/** @returns The changes to the codes of the active tokenizer; none when another tokenizer becomes active, since all codes change then. */
async function storeActivation(
  transaction: Transaction,
  { tokenizer, active, codes, changes }: ActivationPlan,
): Promise<LoggedItem[]> {
  if (active?.id === tokenizer.id) return storePlan(transaction, tokenizer, codes);
  await writeVectors(
    transaction,
    codes.flatMap(({ madeVector }) => madeVector ?? []),
  );
  const rows = plannedChanges(codes).map(({ itemId, after }) => ({ itemId, codes: after }));
  await writeSemanticIds(transaction, tokenizer.id, rows);
  await countPrefixes(transaction, tokenizer.id, changes);
  if (active !== null) {
    const catalogueVersion = await currentVersion(transaction);
    await transaction.tokenizer.update({ where: { id: active.id }, data: { catalogueVersion } });
  }
  return [];
}

/**
 * All other changes wait for the plan, so it leaves out the items whose texts are not encoded yet: `fillMissingCodes` gives them codes
 * after the activation. A changed item must not keep the codes of its former text.
 */
async function planMissing(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer,
  touched: ReadonlyMap<number, Touched>,
): Promise<PlannedCodes[]> {
  const { read } = services.database;
  const missing = await itemsToEncode(read, {
    removedAt: null,
    semanticIds: { none: { tokenizerId: tokenizer.id } },
    vector: { isNot: null },
  });
  const reencoded = [...touched.keys()].filter((itemId) => touched.get(itemId)!.isReencoded);
  const stale = [...(await readCodes(read, tokenizer.id, reencoded)).keys()];
  const items = [...missing, ...(await namedItemsToEncode(read, [...(await liveItemIds(read, stale))]))];
  return items.length === 0 ? [] : planCodes(services, tokenizer, items);
}

async function changesOf(
  client: Transaction,
  tokenizer: ActiveTokenizer,
  touched: ReadonlyMap<number, Touched>,
  codes: readonly PlannedCodes[],
): Promise<CodeChange[]> {
  const planned = new Map(plannedChanges(codes).map(({ itemId, after }) => [itemId, after]));
  const itemIds = [...new Set([...touched.keys(), ...planned.keys()])];
  const present = await readCodes(client, tokenizer.id, itemIds);
  const liveIds = await liveItemIds(client, itemIds);
  return itemIds.map((itemId) => {
    const stored = present.get(itemId) ?? null;
    const before = (touched.get(itemId)?.wasLive ?? true) ? stored : null;
    return { itemId, before, after: liveIds.has(itemId) ? (planned.get(itemId) ?? stored) : null };
  });
}
