/**
 * Stores what a training has made: vectors, a tokenizer with its semantic IDs, and last a model version. A tokenizer without a version is
 * not used. A large catalogue takes minutes, so each piece is a transaction of its own, and others may write between two pieces.
 */
import { chunksOf } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import type { ModelVersion, Prisma, TrainingJob } from '../../prisma/generated/sqlite/client';
import { namedItemsToEncode } from '../semantic-ids/items-to-encode';
import { prefixRows } from '../semantic-ids/semantic-id-rows';
import { readByKeys, readInPages } from '../storage/bulk-reads';
import { insertRows } from '../storage/bulk-rows';
import { currentVersion, type TouchedItems, touchedSince } from '../storage/change-log-reads';
import { codesKey } from '../storage/code-keys';
import { forEachYielding } from '../storage/event-loop';
import { itemIdsWithVectors, writeVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import type { CodeTable, TrainRequest, TrainResult } from '../workers/messages';
import type { MadeVector } from './training-runner';

export interface ResultStore {
  /** Runs reads that hold nobody up. */
  readonly read: <T>(work: (client: Transaction) => Promise<T>) => Promise<T>;
  /** Runs one transaction, and runs it again when its answer was lost: its work must do no harm a second time. */
  readonly write: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
}

/** Rows of one transaction: others wait for it for some tenths of a second. */
export const ROWS_PER_PIECE = 2_000;

type Sizes = Pick<TrainRequest, 'config' | 'dims'>;

/** Stores the result as a version that is not live. Of a result that is stored in part, nothing counts. */
export async function storeTrainingResult(
  { read, write }: ResultStore,
  job: TrainingJob,
  request: Sizes,
  result: TrainResult,
  rowsPerPiece = ROWS_PER_PIECE,
): Promise<ModelVersion> {
  const piecewise: Piecewise = async (rows, store) => {
    for (const piece of chunksOf(rows, rowsPerPiece)) await write((transaction) => store(transaction, piece));
  };
  // Under a reused tokenizer items keep the IDs that they have; the activation gives IDs to the others.
  const tokenizerId = job.tokenizerId ?? (await storeTokenizer({ read, write }, piecewise, job, request, result));
  return write((transaction) => storeVersion(transaction, job, tokenizerId, result));
}

/** Stores rows piece by piece. */
type Piecewise = <T>(
  rows: readonly T[],
  store: (transaction: Transaction, piece: readonly T[]) => Promise<void>,
) => Promise<void>;

/** Stores vectors that a training has made, except for items that have got one or another text in the meantime. */
export async function storeMadeVectors(transaction: Transaction, made: readonly MadeVector[]): Promise<void> {
  const itemIds = made.map(({ itemId }) => itemId);
  const stored = await itemIdsWithVectors(transaction, itemIds);
  const items = await namedItemsToEncode(transaction, itemIds);
  const texts = new Map(items.map(({ itemId, text }) => [itemId, text]));
  const vectors = made
    .filter(({ itemId, text }) => !stored.has(itemId) && texts.get(itemId) === text)
    .map(({ itemId, vector }) => ({ itemId, encoder: SENTENCE_ENCODER, dims: vector.length, vector }));
  await writeVectors(transaction, vectors);
}

/** @returns Its id. Its codes and counts are those of the catalogue version at which it was made; the activation follows later changes. */
async function storeTokenizer(
  { read, write }: ResultStore,
  piecewise: Piecewise,
  job: TrainingJob,
  request: Sizes,
  result: TrainResult,
): Promise<number> {
  // Before the transaction, which has to read the newest changes alone.
  const known = await read((client) => touchedSince(client, job.catalogueVersion));
  const { tokenizerId, stale, removed } = await write((transaction) =>
    createTokenizer(transaction, known, request, result),
  );
  const codes = await codeRows(tokenizerId, result.table, stale);
  await piecewise(codes, storeCodes);
  const live = codes.filter(({ itemId }) => !removed.has(itemId));
  await piecewise(await prefixRows(tokenizerId, live), storePrefixes);
  return tokenizerId;
}

interface NewTokenizer {
  readonly tokenizerId: number;
  /** Items that get no codes: they are gone, or their text and vector have changed since the job began, and the activation gives codes. */
  readonly stale: ReadonlySet<number>;
  /** Their codes are stored, but their prefixes are not counted. */
  readonly removed: ReadonlySet<number>;
}

async function createTokenizer(
  transaction: Transaction,
  known: TouchedItems,
  { config, dims }: Sizes,
  { checkpointDir, table }: Pick<TrainResult, 'checkpointDir' | 'table'>,
): Promise<NewTokenizer> {
  const { kind, numLevels, codebookSize } = config.tokenizer;
  // The one of an attempt whose answer was lost has no codes yet.
  await transaction.tokenizer.deleteMany({ where: { checkpointDir, modelVersions: { none: {} } } });
  const catalogueVersion = await currentVersion(transaction);
  // The model writes the collision token with as many tokens as any other level has codes.
  const sizes = { numLevels, codebookSize, collisionSize: codebookSize, dims };
  const row = await transaction.tokenizer.create({ data: { kind, ...sizes, checkpointDir, catalogueVersion } });
  const { items } = await touchedSince(transaction, known.since, known);
  const stale = new Set([...items.keys()].filter((itemId) => items.get(itemId)!.isReencoded));
  for (const itemId of await goneItemIds(transaction, [...table.itemIds])) stale.add(itemId);
  return { tokenizerId: row.id, stale, removed: await removedItemIds(transaction) };
}

/** @returns Those that were deleted. */
async function goneItemIds({ item }: Transaction, itemIds: readonly number[]): Promise<number[]> {
  const rows = await readByKeys(itemIds, (some) =>
    item.findMany({ where: { id: { in: some } }, select: { id: true } }),
  );
  const present = new Set(rows.map(({ id }) => id));
  return itemIds.filter((itemId) => !present.has(itemId));
}

async function removedItemIds({ item }: Transaction): Promise<Set<number>> {
  const rows = await readInPages(
    0,
    (after, take) =>
      item.findMany({
        where: { removedAt: { not: null }, id: { gt: after } },
        select: { id: true },
        orderBy: { id: 'asc' },
        take,
      }),
    ({ id }) => id,
  );
  return new Set(rows.map(({ id }) => id));
}

type CodeRow = Prisma.SemanticIdCreateManyInput;

async function codeRows(tokenizerId: number, table: CodeTable, stale: ReadonlySet<number>): Promise<CodeRow[]> {
  const codes = new Rows(table.codes, table.idLength);
  const rows: CodeRow[] = [];
  await forEachYielding(table.itemIds, (itemId, row) => {
    if (!stale.has(itemId)) rows.push({ tokenizerId, itemId, codesKey: codesKey([...codes.row(row)]) });
  });
  return rows;
}

async function storeCodes(transaction: Transaction, rows: readonly CodeRow[]): Promise<void> {
  const [{ tokenizerId, itemId }] = rows;
  const where = { tokenizerId_itemId: { tokenizerId, itemId } };
  if ((await transaction.semanticId.findUnique({ where })) === null) await insertRows(transaction, 'SemanticId', rows);
}

type PrefixRow = Prisma.SemanticIdPrefixCreateManyInput;

async function storePrefixes(transaction: Transaction, rows: readonly PrefixRow[]): Promise<void> {
  const [{ tokenizerId, level, prefixKey }] = rows;
  const where = { tokenizerId_level_prefixKey: { tokenizerId, level, prefixKey } };
  if ((await transaction.semanticIdPrefix.findUnique({ where })) === null)
    await insertRows(transaction, 'SemanticIdPrefix', rows);
}

async function storeVersion(
  { modelVersion }: Transaction,
  job: TrainingJob,
  tokenizerId: number,
  { checkpointDir, device, parameterCount, metrics }: TrainResult,
): Promise<ModelVersion> {
  const stored = await modelVersion.findUnique({ where: { trainingJobId: job.id } });
  if (stored !== null) return stored;
  const last = await modelVersion.findFirst({ orderBy: { number: 'desc' }, select: { number: true } });
  const parent = await modelVersion.findFirst({ where: { status: 'ACTIVE' }, select: { id: true } });
  return modelVersion.create({
    data: {
      number: (last?.number ?? 0) + 1,
      tokenizerId,
      checkpointDir,
      status: 'TRAINED',
      preset: job.preset,
      device,
      parameterCount,
      metrics: metrics.map((metric) => ({ ...metric })),
      parentId: parent?.id ?? null,
      trainingJobId: job.id,
      catalogueVersion: job.catalogueVersion,
    },
  });
}
