/** `upsertItems`: takes items as the shop has them, and adds, changes or brings back those that differ, as one change of the catalogue. */
import { byPosition, positionOf, withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ItemRecord, NewItemArgs } from '../../graphql/item/records';
import type { UpsertItemsPayload } from '../../graphql/item/types';
import { itemText } from '../../models/text/item-text';
import { findActiveTokenizer, type ActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { assignCodes, fullError, tokenizerError } from '../semantic-ids/code-assigner';
import { encodeTexts, readCodes } from '../semantic-ids/code-plan';
import { type Placement, placeCodes } from '../semantic-ids/placement';
import { countPrefixes, writeSemanticIds } from '../semantic-ids/semantic-id-rows';
import type { LoggedItem } from '../storage/change-log-reads';
import { hasFields, itemRecord, mergedItem } from '../storage/item-columns';
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
export interface GivenItem {
  readonly position: number;
  readonly args: NewItemArgs;
  /** Whether it gets a vector of its text where that has changed; absent: only a new item does. */
  readonly isReencoded?: boolean;
}

/** A given item, and what it does to the catalogue. */
export interface Upsert extends GivenItem, ItemChange {
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
  const { read } = services.database;
  const { errors, good } = await checked(read, items, known);
  if (atomic && errors.length > 0) return refuse(items.length, errors);
  const made = new Map<number, Vector>();
  // Encoding takes seconds: other changes need not wait for it.
  const texts = good.filter(({ args }) => !args.embedding);
  if (texts.length > 0) await upsertsOf(services, await findActiveTokenizer(read), texts, made);
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
  const places = await placesFor(services, tokenizer, upserts).catch((error: Error): Places => {
    tokenizerError(error);
    return new Map(); // the files are damaged: items get their codes later
  });
  const { placed, refused } = place(tokenizer, upserts, places);
  const userErrors = [...errors, ...refused].sort(byPosition);
  if (atomic && userErrors.length > 0) return refuse(items.length, userErrors);
  const { items: written, catalogueVersion } = await commit(services, tokenizer, placed);
  const stored = new Array<ItemRecord | null>(items.length).fill(null);
  placed.forEach(({ position }, i) => (stored[position] = written[i]));
  return { items: stored, userErrors, catalogueVersion, ...countDeeds(placed.map(({ deed }) => deed)) };
}

/** @param made - Position → vector. Vectors that are made are put into it, and none is made again. */
export async function upsertsOf(
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
    missing.map(({ args, merged }) => ({ text: itemText(merged), embedding: args.embedding ?? null })),
  );
  missing.forEach(({ position }, i) => made.set(position, vectors[i]));
  return upserts.map(({ stored, ...upsert }) => {
    const own = needsVector(upsert) ? made.get(upsert.position)! : null;
    const vector = own !== null && isSameVector(own, stored) ? null : own;
    return { ...upsert, deed: deedOf(upsert, vector), vector };
  });
}

function needsVector({ args, row, isReencoded, textChanged }: Omit<Upsert, 'deed' | 'vector'>): boolean {
  return Boolean(args.embedding) || row === null || (isReencoded === true && textChanged);
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

/** Position → where the item goes, of those that have another vector now. */
type Places = ReadonlyMap<number, { readonly placement: Placement; readonly wanted: readonly number[] }>;

/** @throws {CheckpointError} When the files of the tokenizer are damaged. */
export async function placesFor(
  { assigner, database }: CatalogueServices,
  tokenizer: ActiveTokenizer | null,
  upserts: readonly Upsert[],
): Promise<Places> {
  if (tokenizer === null) return new Map();
  const toPlace = upserts.filter(({ vector }) => vector?.vector.length === tokenizer.dims);
  const vectors = toPlace.map(({ vector }) => vector!.vector);
  const codes = await assignCodes(assigner, tokenizer, vectors);
  const wanted = toPlace.map(({ row }, i) => ({ itemId: row?.id ?? null, codes: codes[i] }));
  const placements = await placeCodes(database.read, tokenizer, wanted, true);
  return new Map(toPlace.map(({ position }, i) => [position, { placement: placements[i], wanted: codes[i] }]));
}

/** Gives codes to those that have a place; the others keep what they have. @param below - Follows the position in the path of an error. */
export function place(
  tokenizer: ActiveTokenizer | null,
  upserts: readonly Upsert[],
  places: Places,
  ...below: string[]
): Placed {
  const placed: PlacedUpsert[] = [];
  const refused: UserErrorRecord[] = [];
  for (const upsert of upserts) {
    const found = places.get(upsert.position);
    if (found === undefined) placed.push({ ...upsert, codes: upsert.present });
    else if ('codes' in found.placement) placed.push({ ...upsert, codes: found.placement.codes });
    else refused.push(fullError(found.wanted, tokenizer!, 'items', upsert.position, ...below));
  }
  return { placed, refused };
}

/** Writes those that differ, as one change. @returns All as they are now. */
export async function commit(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer | null,
  placed: readonly PlacedUpsert[],
): Promise<{ items: readonly ItemRecord[]; catalogueVersion: number | null }> {
  const changed = placed.filter(({ deed }) => deed !== 'UNCHANGED');
  if (changed.length === 0) return { items: placed.map(({ row }) => itemRecord(row!)), catalogueVersion: null };
  const { result: rows, version } = await services.log.commit(async (transaction) => {
    const ids = await writeItems(transaction, changed);
    const rows = await readItemsCalled(transaction, [...ids.keys()]);
    const items = changed.map((upsert) => loggedItem(upsert, ids.get(upsert.args.externalId)!));
    if (tokenizer !== null) await writeCodes(transaction, tokenizer.id, items, changed);
    const kind = kindOf(changed.map(({ deed }) => deed));
    return { result: rows, entries: [{ kind, tokenizerId: tokenizer?.id ?? null, items }] };
  });
  const items = placed.map(({ args, row }) => itemRecord(rows.get(args.externalId) ?? row!));
  return { items, catalogueVersion: version };
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
