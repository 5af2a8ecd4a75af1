/** `addItems`: new items, and removed ones that come back, with their vectors and semantic IDs at once. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { batchErrors, positionOf, refuseItems, type ChangedItems } from '../../graphql/common/user-errors';
import type { ItemRecord, NewItemArgs } from '../../graphql/item/records';
import type { Item } from '../../prisma/generated/sqlite/client';
import { assignCodes, fullError, rankLastLevel } from '../semantic-ids/code-assignment';
import { findLiveTokenizer, type LiveTokenizer } from '../semantic-ids/live-tokenizer';
import { placeCodes } from '../semantic-ids/placement';
import { countPrefixes, writeSemanticIds } from '../semantic-ids/semantic-id-rows';
import { GIVEN_ENCODER } from '../semantic-ids/text-encoder';
import { insertRows } from '../storage/bulk-rows';
import type { ItemChange, LogEntry } from '../storage/change-log';
import type { Transaction } from '../storage/database';
import { writeVectors } from '../storage/item-vectors';
import { itemRecord } from '../storage/records';
import { additionErrors, duplicateError, liveExternalIds } from './addition-checks';
import type { CatalogueServices } from './catalogue-services';
import { itemColumns, itemRow, textFields, writeCategories } from './item-columns';

/** An item on its way in: its place in the input, and what is known of it so far. */
interface Candidate {
  readonly position: number;
  readonly args: NewItemArgs;
  readonly encoder: string;
  readonly vector: Float32Array;
  /** Whole semantic ID; null while no tokenizer is live. */
  readonly codes: readonly number[] | null;
}

/**
 * Adds 1 to 1,000 items. The external ID of a removed item brings that item back, with the fields given now.
 *
 * @param atomic - True: one wrong item refuses all. False: only the wrong ones are refused.
 */
export async function addItems(
  services: CatalogueServices,
  items: readonly NewItemArgs[],
  atomic: boolean,
): Promise<ChangedItems> {
  const batch = batchErrors('items', items.length);
  if (batch.length > 0) return refuseItems(items, batch);
  const errors = await additionErrors(services.database.read, items);
  const wrong = new Set(errors.map(positionOf));
  const good = items.map((args, position) => ({ args, position })).filter(({ position }) => !wrong.has(position));
  if (good.length === 0 || (atomic && errors.length > 0)) return refuseItems(items, errors);
  // Encoding takes seconds: other changes need not wait for it.
  const encoded = await encode(services, good);
  return services.log.exclusive(() => store(services, encoded, { atomic, errors, count: items.length }));
}

async function encode(
  { assigner, itemText }: CatalogueServices,
  good: readonly { args: NewItemArgs; position: number }[],
): Promise<Omit<Candidate, 'codes'>[]> {
  const { vectors, dims, encoder } = await assigner.encode(
    good.map(({ args }) => ({ text: itemText(textFields(args)), embedding: args.embedding ?? null })),
  );
  return good.map((item, row) => ({
    ...item,
    encoder: item.args.embedding ? GIVEN_ENCODER : encoder,
    vector: vectors.subarray(row * dims, (row + 1) * dims),
  }));
}

async function store(
  services: CatalogueServices,
  encoded: readonly Omit<Candidate, 'codes'>[],
  call: { atomic: boolean; errors: readonly UserErrorRecord[]; count: number },
): Promise<ChangedItems> {
  const { read } = services.database;
  const tokenizer = await findLiveTokenizer(read);
  // Another call may have added some of them while these were being encoded.
  const live = await liveExternalIds(
    read,
    encoded.map(({ args }) => args.externalId),
  );
  const lateErrors = encoded
    .filter(({ args }) => live.has(args.externalId))
    .map(({ args, position }) => duplicateError(args.externalId, position, 'in the catalogue'));
  const fresh = encoded.filter(({ args }) => !live.has(args.externalId));
  const returning = await removedItems(read, fresh);
  const { candidates, refused } = await place(services, tokenizer, fresh, returning);
  const userErrors = [...call.errors, ...lateErrors, ...refused].sort((a, b) => positionOf(a) - positionOf(b));
  const items = new Array<ItemRecord | null>(call.count).fill(null);
  if (candidates.length === 0 || (call.atomic && userErrors.length > 0)) return { items, userErrors };
  const rows = await services.log.commit(async (transaction) => {
    const rows = await writeItems(transaction, candidates, returning);
    const entries = await writeCodes(transaction, tokenizer, candidates, rows, returning);
    return { result: rows, entries };
  });
  for (const { args, position } of candidates) {
    items[position] = itemRecord(rows.get(args.externalId)!);
  }
  return { items, userErrors };
}

/** @returns External ID → id, of the removed items that come back. */
async function removedItems(
  client: Transaction,
  items: readonly { args: NewItemArgs }[],
): Promise<Map<string, number>> {
  const rows = await client.item.findMany({
    where: { externalId: { in: items.map(({ args }) => args.externalId) }, removedAt: { not: null } },
    select: { id: true, externalId: true },
  });
  return new Map(rows.map((row) => [row.externalId, row.id]));
}

async function place(
  { assigner, database }: CatalogueServices,
  tokenizer: LiveTokenizer | null,
  items: readonly Omit<Candidate, 'codes'>[],
  returning: ReadonlyMap<string, number>,
): Promise<{ candidates: Candidate[]; refused: UserErrorRecord[] }> {
  if (tokenizer === null) return { candidates: items.map((item) => ({ ...item, codes: null })), refused: [] };
  const codes = await assignCodes(
    assigner,
    tokenizer,
    items.map(({ vector }) => vector),
  );
  const wanted = items.map(({ args }, i) => ({ itemId: returning.get(args.externalId) ?? null, codes: codes[i] }));
  const placements = await placeCodes(database.read, tokenizer, wanted, (positions) =>
    rankLastLevel(
      assigner,
      tokenizer,
      positions.map((position) => items[position].vector),
    ),
  );
  const candidates: Candidate[] = [];
  const refused: UserErrorRecord[] = [];
  placements.forEach((placement, i) => {
    if ('codes' in placement) candidates.push({ ...items[i], codes: placement.codes });
    else refused.push(fullError(codes[i], tokenizer, 'items', items[i].position));
  });
  return { candidates, refused };
}

/** @returns External ID → row, of the items written. */
async function writeItems(
  transaction: Transaction,
  candidates: readonly Candidate[],
  returning: ReadonlyMap<string, number>,
): Promise<Map<string, Item>> {
  const fresh = candidates.filter(({ args }) => !returning.has(args.externalId));
  await insertRows(
    transaction,
    'Item',
    fresh.map(({ args }) => itemRow(args)),
  );
  for (const { args } of candidates.filter(({ args }) => returning.has(args.externalId))) {
    const where = { externalId: args.externalId };
    await transaction.item.update({ where, data: { ...itemColumns(args), removedAt: null } });
  }
  const externalIds = candidates.map(({ args }) => args.externalId);
  const rows = await transaction.item.findMany({ where: { externalId: { in: externalIds } } });
  const byExternalId = new Map(rows.map((row) => [row.externalId, row]));
  const withIds = candidates.map((each) => ({ ...each, itemId: byExternalId.get(each.args.externalId)!.id }));
  await writeCategories(
    transaction,
    withIds.map(({ itemId, args }) => ({ itemId, categories: args.categories ?? [] })),
  );
  await writeVectors(
    transaction,
    withIds.map(({ itemId, encoder, vector }) => ({ itemId, encoder, dims: vector.length, vector })),
  );
  return byExternalId;
}

/** Two log rows when some items are new and some come back. */
async function writeCodes(
  transaction: Transaction,
  tokenizer: LiveTokenizer | null,
  candidates: readonly Candidate[],
  rows: ReadonlyMap<string, Item>,
  returning: ReadonlyMap<string, number>,
): Promise<LogEntry[]> {
  const added: ItemChange[] = [];
  const restored: ItemChange[] = [];
  for (const { args, codes } of candidates) {
    const change = { itemId: rows.get(args.externalId)!.id, before: null, after: codes };
    (returning.has(args.externalId) ? restored : added).push(change);
  }
  if (tokenizer !== null) {
    const all = [...added, ...restored];
    await writeSemanticIds(
      transaction,
      tokenizer.id,
      all.map(({ itemId, after }) => ({ itemId, codes: after! })),
    );
    await countPrefixes(transaction, tokenizer.id, all);
  }
  const tokenizerId = tokenizer && tokenizer.id;
  const entries: LogEntry[] = [
    { kind: 'ITEMS_ADDED', tokenizerId, items: added },
    { kind: 'ITEMS_RESTORED', tokenizerId, items: restored.map((change) => ({ ...change, isReencoded: true })) },
  ];
  return entries.filter(({ items }) => items.length > 0);
}
