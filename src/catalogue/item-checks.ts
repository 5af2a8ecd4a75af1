/** Mistakes in items that a caller adds, changes or names; the same error wherever a caller gives them. */
import { repeatedPositions, userError } from '../../graphql/common/errors';
import { toGlobalId } from '../../graphql/common/global-id';
import { MAX_ATTRIBUTES_BYTES } from '../../graphql/common/limits';
import type { UserErrorRecord } from '../../graphql/common/records';
import { isStorableText } from '../../graphql/common/storable-text';
import type { ItemFields } from '../../graphql/item/fields';
import type { NewItemArgs } from '../../graphql/item/records';
import { embeddingFault, SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import { findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { readByKeys } from '../storage/bulk-reads';
import { ITEM_SELECT, type ItemRow } from '../storage/item-columns';
import { storedVectorDims } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';

/** @param position - The item's position in `items`. */
export function textErrors(field: 'externalId' | 'title', text: string | null, position: number): UserErrorRecord[] {
  if (text !== null && text.trim() !== '') return [];
  return [userError('INVALID', `${field}: expected text, got none`, 'items', position, field)];
}

/** @param position - The item's position in `items`. */
export function attributesErrors(attributes: unknown, position: number): UserErrorRecord[] {
  const bytes = Buffer.byteLength(JSON.stringify(attributes ?? null));
  if (bytes <= MAX_ATTRIBUTES_BYTES) return [];
  const message = `attributes: expected at most ${MAX_ATTRIBUTES_BYTES} bytes of JSON, got ${bytes}`;
  return [userError('OUT_OF_RANGE', message, 'items', position, 'attributes')];
}

/** @returns Why these dates are none; null when they are some. An absent date is no limit. */
export function datesFault({ availableFrom, availableUntil }: ItemFields): string | null {
  if (!availableFrom || !availableUntil || availableFrom < availableUntil) return null;
  const [from, until] = [availableFrom, availableUntil].map((time) => time.toISOString());
  return `availableUntil: expected a time after availableFrom, which is ${from}, got ${until}`;
}

type Dates = Pick<ItemRow, 'availableFrom' | 'availableUntil'>;

/**
 * @param stored - What the item has where none is given; absent: there is no such item.
 * @param position - The item's position in `items`.
 */
export function datesErrors(given: ItemFields, stored: Dates | undefined, position: number): UserErrorRecord[] {
  const { availableFrom = stored?.availableFrom, availableUntil = stored?.availableUntil } = given;
  const fault = datesFault({ availableFrom, availableUntil });
  return fault === null ? [] : [userError('INVALID', fault, 'items', position, 'availableUntil')];
}

/**
 * @param dims - The width that the vectors of all items have.
 * @param position - The item's position in `items`.
 */
export function embeddingErrors(embedding: readonly number[], dims: number, position: number): UserErrorRecord[] {
  const error = (expected: string, got: string | number) => [
    userError('INVALID', `embedding: expected ${expected}, got ${got}`, 'items', position, 'embedding'),
  ];
  if (embedding.length !== dims || dims === 0) return error(`${dims || 'some'} numbers`, embedding.length);
  const fault = embeddingFault(embedding);
  return fault ? error(fault.expected, fault.got) : [];
}

/** @returns The mistakes in each item: alone, beside the others of the call, and beside the stored ones. */
export async function newItemErrors(client: Transaction, items: readonly NewItemArgs[]): Promise<UserErrorRecord[]> {
  const externalIds = items.map((item) => item.externalId);
  const repeated = repeatedPositions(externalIds);
  const stored = await readItemsCalled(client, externalIds);
  const dims = await expectedDims(client, items);
  return items.flatMap((item, position) => {
    const { externalId } = item;
    const errors = [...fieldErrors(item, position), ...datesErrors(item, stored.get(externalId), position)];
    // An item that there is keeps its vector when none is given.
    if (item.embedding || !stored.has(externalId)) {
      errors.push(...vectorErrors(item.embedding ?? null, dims, position));
    }
    if (!repeated.has(position)) return errors;
    const message = `externalId: expected each item once, got ${externalId}, which is earlier in this call already`;
    return [...errors, userError('DUPLICATE', message, 'items', position, 'externalId')];
  });
}

function fieldErrors({ externalId, title, attributes }: NewItemArgs, position: number): UserErrorRecord[] {
  return [
    ...textErrors('externalId', externalId, position),
    ...textErrors('title', title, position),
    ...attributesErrors(attributes, position),
  ];
}

/**
 * All vectors of one catalogue are as wide as the first ones, since they are compared with one another.
 *
 * @returns Null when the catalogue has items and no vector yet: those of its texts will come from the built-in encoder.
 */
async function expectedDims(client: Transaction, items: readonly NewItemArgs[]): Promise<number | null> {
  const known = await knownDims(client);
  if (known !== null) return known;
  if ((await client.item.findFirst({ select: { id: true } })) !== null) return null;
  return items.every(({ embedding }) => embedding) ? items[0].embedding!.length : SENTENCE_DIMS;
}

/** @returns The width of the vectors that the catalogue has; null when it has none. */
export async function knownDims(client: Transaction): Promise<number | null> {
  return (await findActiveTokenizer(client))?.dims ?? (await storedVectorDims(client));
}

function vectorErrors(embedding: readonly number[] | null, dims: number | null, position: number): UserErrorRecord[] {
  if (embedding !== null) return dims === null ? [textsAlone(position)] : embeddingErrors(embedding, dims, position);
  if (dims === null || dims === SENTENCE_DIMS) return [];
  const message = `embedding: expected ${dims} numbers, as the other items have, got none; give this item an embedding too`;
  return [userError('INVALID', message, 'items', position, 'embedding')];
}

function textsAlone(position: number): UserErrorRecord {
  const message =
    'embedding: expected none, since the other items have texts alone, whose vectors are not comparable with it, got one; ' +
    'leave it out, or first give all other items an embedding (updateItems, or an import)';
  return userError('INVALID', message, 'items', position, 'embedding');
}

/** Rows by item id; ids of no item are left out. */
export type NamedItems = ReadonlyMap<number, ItemRow>;

/** @returns External ID → row, of the items that exist, removed ones too. */
export async function readItemsCalled(
  client: Transaction,
  externalIds: readonly string[],
): Promise<Map<string, ItemRow>> {
  const rows = await readByKeys(externalIds.filter(isStorableText), (some) =>
    client.item.findMany({ where: { externalId: { in: some } }, select: ITEM_SELECT }),
  );
  return new Map(rows.map((row) => [row.externalId, row]));
}

export async function readNamedItems(client: Transaction, itemIds: readonly number[]): Promise<NamedItems> {
  const rows = await client.item.findMany({ where: { id: { in: [...itemIds] } }, select: ITEM_SELECT });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Where a mutation names its items: the input's name in messages, and the path of an entry. */
export interface NamedAt {
  readonly name: string;
  readonly fieldOf: (position: number) => readonly (string | number)[];
}

const IN_ITEMS: NamedAt = { name: 'items', fieldOf: (position) => ['items', position] };

/**
 * @param items - The items that exist.
 * @param faultOf - Why an item is not in the state that the mutation asks for; null: it is.
 * @param code - The code of such a fault.
 * @returns At most one error for each id.
 */
export function namedItemErrors(
  itemIds: readonly number[],
  items: NamedItems,
  faultOf: (item: ItemRow) => string | null,
  { name, fieldOf }: NamedAt = IN_ITEMS,
  code: 'NOT_FOUND' | 'CONFLICT' = 'CONFLICT',
): UserErrorRecord[] {
  const repeated = repeatedPositions(itemIds);
  return itemIds.flatMap((itemId, position) => {
    const error = (code: 'DUPLICATE' | 'NOT_FOUND' | 'CONFLICT', message: string) => [
      userError(code, `${name}: ${message}`, ...fieldOf(position)),
    ];
    if (repeated.has(position))
      return error('DUPLICATE', `expected each item once, got ${toGlobalId('Item', itemId)} again`);
    const item = items.get(itemId);
    if (item === undefined)
      return error(
        'NOT_FOUND',
        `expected an item of the catalogue, got ${toGlobalId('Item', itemId)}; items lists them`,
      );
    const fault = faultOf(item);
    return fault === null ? [] : error(code, fault);
  });
}

/** The same for a mutation of live items: a removed one is not in the catalogue. */
export function liveItemErrors(itemIds: readonly number[], items: NamedItems, at?: NamedAt): UserErrorRecord[] {
  const absenceOf = ({ id, removedAt }: ItemRow) =>
    removedAt === null
      ? null
      : `expected an item of the catalogue, got ${toGlobalId('Item', id)}, which is removed; restore it first`;
  return namedItemErrors(itemIds, items, absenceOf, at, 'NOT_FOUND');
}
