/** `upsertItems`: takes items as the shop has them, and adds, changes or brings back those that differ, as one change of the catalogue. */
import { batchErrors, byPosition, positionOf, withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ItemRecord, NewItemArgs } from '../../graphql/item/records';
import type { UpsertItemsPayload } from '../../graphql/item/types';
import { findActiveTokenizer, type ActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { assignCodes, fullError, rankLastLevel, tokenizerError } from '../semantic-ids/code-assigner';
import { encodeTexts, readCodes } from '../semantic-ids/code-plan';
import { textFields } from '../semantic-ids/items-to-encode';
import { type Placement, placeCodes } from '../semantic-ids/placement';
import { countPrefixes, writeSemanticIds } from '../semantic-ids/semantic-id-rows';
import type { LoggedItem } from '../storage/change-log-reads';
import { hasFields, itemRecord, type ItemRow, mergedItem } from '../storage/item-columns';
import { readVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import type { CatalogueServices } from './changes';
import {
  countDeeds,
  type Deed,
  isSameVector,
  isTextChanged,
  type ItemChange,
  kindOf,
  type Vector,
  writeItems,
} from './item-changes';
import { newItemErrors, readItemsCalled } from './item-checks';

/** An item of the input that has no mistake. */
interface GivenItem {
  readonly position: number;
  readonly args: NewItemArgs;
}

/** A given item, and what it does to the catalogue. */
interface Upsert extends GivenItem, ItemChange {
  readonly deed: Deed;
  /** Its whole semantic ID now, also that of a removed item; null: it has none. */
  readonly present: readonly number[] | null;
}

interface PlacedUpsert extends Upsert {
  /**
   * Whole semantic ID from now on. Null: no tokenizer is active, or its files are damaged, or the item comes back and had none under it;
   * then the item gets one soon after.
   */
  readonly codes: readonly number[] | null;
}

/**
 * Stores 1 to 1,000 items by their external IDs. A field that is absent stays as it is, and null empties it. An item that exists keeps
 * its codes, also when its text is another one, unless it comes with another vector.
 *
 * @param atomic - True: one wrong item refuses all. False: only the wrong ones are refused.
 * @param known - Mistakes in single items that are known already.
 */
export async function upsertItems(
  services: CatalogueServices,
  items: readonly NewItemArgs[],
  atomic: boolean,
  known: readonly UserErrorRecord[],
): Promise<UpsertItemsPayload> {
  const batch = batchErrors('items', items.length);
  if (batch.length > 0) return refuse(items.length, batch);
  const { read } = services.database;
  const { errors, good } = await checked(read, items, known);
  if (atomic && errors.length > 0) return refuse(items.length, errors);
  const made = new Map<number, Vector>();
  // Encoding takes seconds: other changes need not wait for it.
  await upsertsOf(services, await findActiveTokenizer(read), good, made);
  return services.log.exclusive(() => store(services, items, made, { atomic, known }));
}

/** @returns The mistakes in the items, and the items without one. */
async function checked(
  client: Transaction,
  items: readonly NewItemArgs[],
  known: readonly UserErrorRecord[],
): Promise<{ errors: UserErrorRecord[]; good: GivenItem[] }> {
  const errors = withKnown(known, await newItemErrors(client, items));
  const wrong = new Set(errors.map(positionOf));
  const given = items.map((args, position) => ({ args, position }));
  return { errors, good: given.filter(({ position }) => !wrong.has(position)) };
}

function refuse(count: number, userErrors: readonly UserErrorRecord[]): UpsertItemsPayload {
  const items = new Array<null>(count).fill(null);
  return { items, userErrors, catalogueVersion: null, created: 0, updated: 0, unchanged: 0 };
}

async function store(
  services: CatalogueServices,
  items: readonly NewItemArgs[],
  made: Map<number, Vector>,
  { atomic, known }: { readonly atomic: boolean; readonly known: readonly UserErrorRecord[] },
): Promise<UpsertItemsPayload> {
  const { read } = services.database;
  const tokenizer = await findActiveTokenizer(read);
  // Another version, which reads other vectors, may have been activated while these were being encoded.
  const { errors, good } = await checked(read, items, known);
  const upserts = await upsertsOf(services, tokenizer, good, made);
  const { placed, refused } = await place(services, tokenizer, upserts);
  const userErrors = [...errors, ...refused].sort(byPosition);
  if (atomic && userErrors.length > 0) return refuse(items.length, userErrors);
  const changed = placed.filter(({ deed }) => deed !== 'UNCHANGED');
  const { rows, catalogueVersion } = await commit(services, tokenizer, changed);
  const stored = new Array<ItemRecord | null>(items.length).fill(null);
  for (const { position, args, row } of placed) {
    stored[position] = itemRecord(rows.get(args.externalId) ?? row!);
  }
  return { items: stored, userErrors, catalogueVersion, ...countDeeds(placed.map(({ deed }) => deed)) };
}

/** @param made - Position → vector. Vectors that are made are put into it, and none is made again. */
async function upsertsOf(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer | null,
  given: readonly GivenItem[],
  made: Map<number, Vector>,
): Promise<Upsert[]> {
  const { read } = services.database;
  const rows = await readItemsCalled(
    read,
    given.map(({ args }) => args.externalId),
  );
  const ids = [...rows.values()].map(({ id }) => id);
  const present = await readCodes(read, tokenizer?.id ?? null, ids);
  // Vectors are large: they are read only of items that may get another one.
  const renewed = given.flatMap(({ args }) => (args.embedding ? (rows.get(args.externalId)?.id ?? []) : []));
  const stored = await readVectors(read, renewed);
  const upserts = given.map((item) => {
    const row = rows.get(item.args.externalId) ?? null;
    const merged = row === null ? item.args : mergedItem(row, item.args);
    return {
      ...{ ...item, row, merged },
      textChanged: row !== null && isTextChanged(row, merged),
      present: (row && present.get(row.id)) ?? null,
      stored: (row && stored.get(row.id)) ?? null,
    };
  });
  const missing = upserts.filter((upsert) => !made.has(upsert.position) && needsVector(upsert));
  const vectors = await encodeTexts(
    services,
    missing.map(({ args, merged }) => ({ ...textFields(merged), embedding: args.embedding })),
  );
  missing.forEach(({ position }, i) => made.set(position, vectors[i]));
  return upserts.map(({ stored, ...upsert }) => {
    const own = needsVector(upsert) ? made.get(upsert.position)! : null;
    const vector = own !== null && isSameVector(own, stored) ? null : own;
    return { ...upsert, deed: deedOf(upsert, vector), vector };
  });
}

function needsVector({ args, row }: Pick<Upsert, 'args' | 'row'>): boolean {
  return Boolean(args.embedding) || row === null;
}

function deedOf({ row, args }: Pick<Upsert, 'row' | 'args'>, vector: Vector | null): Deed {
  if (row === null) return 'CREATED';
  if (row.removedAt !== null) return 'RESTORED';
  return vector === null && hasFields(row, args) ? 'UNCHANGED' : 'UPDATED';
}

interface Placed {
  readonly placed: readonly PlacedUpsert[];
  readonly refused: readonly UserErrorRecord[];
}

/** Gives codes to those with a vector; the others keep what they have. */
async function place(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer | null,
  upserts: readonly Upsert[],
): Promise<Placed> {
  const toPlace = upserts.filter(({ vector }) => tokenizer !== null && vector?.vector.length === tokenizer.dims);
  const placements = await placementsOf(services, tokenizer!, toPlace).catch((error: Error) => {
    tokenizerError(error);
    return null; // the files are damaged
  });
  const places = new Map(placements?.map((placement, i) => [toPlace[i].position, placement]));
  const placed: PlacedUpsert[] = [];
  const refused: UserErrorRecord[] = [];
  for (const upsert of upserts) {
    const found = places.get(upsert.position);
    if (found === undefined) placed.push({ ...upsert, codes: upsert.present });
    else if ('codes' in found.placement) placed.push({ ...upsert, codes: found.placement.codes });
    else refused.push(fullError(found.wanted, tokenizer!, 'items', upsert.position));
  }
  return { placed, refused };
}

async function placementsOf(
  { assigner, database }: CatalogueServices,
  tokenizer: ActiveTokenizer,
  upserts: readonly Upsert[],
): Promise<{ placement: Placement; wanted: readonly number[] }[]> {
  if (upserts.length === 0) return [];
  const vectors = upserts.map(({ vector }) => vector!.vector);
  const codes = await assignCodes(assigner, tokenizer, vectors);
  const wanted = upserts.map(({ row }, i) => ({ itemId: row?.id ?? null, codes: codes[i] }));
  const placements = await placeCodes(database.read, tokenizer, wanted, (positions) =>
    rankLastLevel(
      assigner,
      tokenizer,
      positions.map((position) => vectors[position]),
    ),
  );
  return placements.map((placement, i) => ({ placement, wanted: codes[i] }));
}

/** @returns The rows as they are now, by external ID. */
async function commit(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer | null,
  changed: readonly PlacedUpsert[],
): Promise<{ rows: ReadonlyMap<string, ItemRow>; catalogueVersion: number | null }> {
  if (changed.length === 0) return { rows: new Map(), catalogueVersion: null };
  const { result: rows, version } = await services.log.commit(async (transaction) => {
    const rows = await writeItems(transaction, changed);
    const items = changed.map((upsert) => loggedItem(upsert, rows.get(upsert.args.externalId)!.id));
    if (tokenizer !== null) await writeCodes(transaction, tokenizer.id, items, changed);
    const kind = kindOf(changed.map(({ deed }) => deed));
    return { result: rows, entries: [{ kind, tokenizerId: tokenizer?.id ?? null, items }] };
  });
  return { rows, catalogueVersion: version };
}

function loggedItem({ row, deed, present, codes, vector }: PlacedUpsert, itemId: number): LoggedItem {
  const wasLive = deed === 'UPDATED';
  const isReencoded = row !== null && vector !== null;
  return { itemId, before: wasLive ? present : null, after: codes, isReencoded, wasLive };
}

async function writeCodes(
  transaction: Transaction,
  tokenizerId: number,
  items: readonly LoggedItem[],
  changed: readonly PlacedUpsert[],
): Promise<void> {
  const moved = items.filter((_, i) => String(changed[i].present) !== String(changed[i].codes));
  await writeSemanticIds(
    transaction,
    tokenizerId,
    moved.map(({ itemId, after }) => ({ itemId, codes: after! })),
  );
  await countPrefixes(transaction, tokenizerId, items);
}
