/** `addItems`: adds items, and brings removed ones back, with their vectors and semantic IDs at once. */
import { batchErrors } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ChangedItemsRecord, ItemRecord, NewItemArgs } from '../../graphql/item/records';
import type { CodeChange } from '../../models/decoding/trie';
import { findActiveTokenizer, type ActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { assignCodes, fullError, rankLastLevel, tokenizerError } from '../semantic-ids/code-assigner';
import { encodeTexts } from '../semantic-ids/code-plan';
import { textFields } from '../semantic-ids/items-to-encode';
import { placeCodes } from '../semantic-ids/placement';
import { writeChanges } from '../semantic-ids/semantic-id-rows';
import { insertRows } from '../storage/bulk-rows';
import type { LogEntry } from '../storage/change-log';
import { insertedItem, ITEM_SELECT, itemRecord, type ItemRow, itemUpdate } from '../storage/item-columns';
import { itemIdsOf, type StoredVector, writeCategories, writeVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import { byPosition, type CatalogueServices, positionOf, refuseItems, withKnown } from './changes';
import { additionErrors } from './item-checks';

/** An item that is to be added: its place in the input, and what is known of it so far. */
interface EncodedAddition extends Omit<StoredVector, 'itemId'> {
  readonly position: number;
  readonly args: NewItemArgs;
}

interface PlacedAddition extends EncodedAddition {
  /** Whole semantic ID; null while no tokenizer is active or its files are damaged: then the item gets one later. */
  readonly codes: readonly number[] | null;
}

/**
 * Adds 1 to 1,000 items. The external ID of a removed item brings that item back, with the fields given now.
 *
 * @param atomic - True: one wrong item refuses all. False: only the wrong ones are refused.
 * @param known - Mistakes in single items that are known already.
 */
export async function addItems(
  services: CatalogueServices,
  items: readonly NewItemArgs[],
  atomic: boolean,
  known: readonly UserErrorRecord[],
): Promise<ChangedItemsRecord> {
  const batch = batchErrors('items', items.length);
  if (batch.length > 0) return refuseItems(items, batch);
  const errors = withKnown(known, await additionErrors(services.database.read, items));
  const wrong = new Set(errors.map(positionOf));
  const good = items.map((args, position) => ({ args, position })).filter(({ position }) => !wrong.has(position));
  if (good.length === 0 || (atomic && errors.length > 0)) return refuseItems(items, errors);
  // Encoding takes seconds: other changes need not wait for it.
  const encoded = await encode(services, good);
  return services.log.exclusive(() => store(services, encoded, { atomic, errors, count: items.length }));
}

async function encode(
  services: CatalogueServices,
  good: readonly { args: NewItemArgs; position: number }[],
): Promise<EncodedAddition[]> {
  const texts = good.map(({ args }) => ({ ...textFields(args), embedding: args.embedding }));
  const vectors = await encodeTexts(services, texts);
  return good.map((item, i) => ({ ...item, ...vectors[i] }));
}

async function store(
  services: CatalogueServices,
  encoded: readonly EncodedAddition[],
  call: { atomic: boolean; errors: readonly UserErrorRecord[]; count: number },
): Promise<ChangedItemsRecord> {
  const { read } = services.database;
  const tokenizer = await findActiveTokenizer(read);
  // Another call may have added some of them while these were being encoded, or have activated a version that reads other vectors.
  const lateErrors = await stillWrong(read, encoded);
  const isWrong = new Set(lateErrors.map(positionOf));
  const missing = encoded.filter(({ position }) => !isWrong.has(position));
  // Items that exist and are not live have been removed: they come back.
  const returning = await itemIdsOf(
    read,
    missing.map(({ args }) => args.externalId),
  );
  const { additions, refused } = await place(services, tokenizer, missing, returning);
  const userErrors = [...call.errors, ...lateErrors, ...refused].sort(byPosition);
  const items = new Array<ItemRecord | null>(call.count).fill(null);
  if (additions.length === 0 || (call.atomic && userErrors.length > 0)) {
    return { items, userErrors, catalogueVersion: null };
  }
  const { result: written, version } = await services.log.commit(async (transaction) => {
    const written = await writeItems(transaction, additions, returning);
    return { result: written, entries: await writeCodes(transaction, tokenizer, written, returning) };
  });
  for (const { position, row } of written) items[position] = itemRecord(row);
  return { items, userErrors, catalogueVersion: version };
}

/** @returns The mistakes in them by now, at their places in the input. */
async function stillWrong(client: Transaction, encoded: readonly EncodedAddition[]): Promise<UserErrorRecord[]> {
  const errors = await additionErrors(
    client,
    encoded.map(({ args }) => args),
  );
  return errors.map((error) => {
    const [items, , ...rest] = error.field ?? [];
    return { ...error, field: [items, String(encoded[positionOf(error)].position), ...rest] };
  });
}

interface Placed {
  readonly additions: readonly PlacedAddition[];
  readonly refused: readonly UserErrorRecord[];
}

async function place(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer | null,
  items: readonly EncodedAddition[],
  returning: ReadonlyMap<string, number>,
): Promise<Placed> {
  const withoutCodes = { additions: items.map((item) => ({ ...item, codes: null })), refused: [] };
  if (tokenizer === null) return withoutCodes;
  return placeUnder(services, tokenizer, items, returning).catch((error: Error) => {
    tokenizerError(error);
    return withoutCodes;
  });
}

async function placeUnder(
  { assigner, database }: CatalogueServices,
  tokenizer: ActiveTokenizer,
  items: readonly EncodedAddition[],
  returning: ReadonlyMap<string, number>,
): Promise<Placed> {
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
  const additions: PlacedAddition[] = [];
  const refused: UserErrorRecord[] = [];
  placements.forEach((placement, i) => {
    if ('codes' in placement) additions.push({ ...items[i], codes: placement.codes });
    else refused.push(fullError(codes[i], tokenizer, 'items', items[i].position));
  });
  return { additions, refused };
}

interface WrittenAddition extends PlacedAddition {
  readonly row: ItemRow;
}

async function writeItems(
  transaction: Transaction,
  additions: readonly PlacedAddition[],
  returning: ReadonlyMap<string, number>,
): Promise<WrittenAddition[]> {
  const unknown = additions.filter(({ args }) => !returning.has(args.externalId));
  await insertRows(
    transaction,
    'Item',
    unknown.map(({ args }) => insertedItem(args)),
  );
  for (const { args } of additions.filter(({ args }) => returning.has(args.externalId))) {
    const where = { externalId: args.externalId };
    await transaction.item.update({ where, data: { ...itemUpdate(args), removedAt: null } });
  }
  const externalIds = additions.map(({ args }) => args.externalId);
  const rows = await transaction.item.findMany({ where: { externalId: { in: externalIds } }, select: ITEM_SELECT });
  const byExternalId = new Map(rows.map((row) => [row.externalId, row]));
  const written = additions.map((each) => ({ ...each, row: byExternalId.get(each.args.externalId)! }));
  await writeCategories(
    transaction,
    written.map(({ row, args }) => ({ itemId: row.id, categories: args.categories ?? [] })),
  );
  await writeVectors(
    transaction,
    written.map(({ row, encoder, dims, vector }) => ({ itemId: row.id, encoder, dims, vector })),
  );
  return written;
}

/** @returns One log entry for the added items, one for those that come back. */
async function writeCodes(
  transaction: Transaction,
  tokenizer: ActiveTokenizer | null,
  written: readonly WrittenAddition[],
  returning: ReadonlyMap<string, number>,
): Promise<LogEntry[]> {
  const added: CodeChange[] = [];
  const restored: CodeChange[] = [];
  for (const { args, codes, row } of written) {
    const change = { itemId: row.id, before: null, after: codes };
    (returning.has(args.externalId) ? restored : added).push(change);
  }
  if (tokenizer !== null) await writeChanges(transaction, tokenizer.id, [...added, ...restored]);
  const tokenizerId = tokenizer?.id ?? null;
  const entries: LogEntry[] = [
    { kind: 'ITEMS_ADDED', tokenizerId, items: added },
    { kind: 'ITEMS_RESTORED', tokenizerId, items: restored.map((change) => ({ ...change, isReencoded: true })) },
  ];
  return entries.filter(({ items }) => items.length > 0);
}
