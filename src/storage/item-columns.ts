/**
 * The columns of Item and the conditions on them, in two maps. Everything that reads or writes items derives from them: Prisma's select
 * and `where`, bulk inserts, updates, the hot-path SQL, the API's record, and the files of imports and exports.
 *
 * A new field is a line here, beside the schema, its migration, `graphql/item/fields.ts`, and the console's table of fields.
 */
import { isDeepStrictEqual } from 'node:util';

import { CURRENCY, GROUP_ID, type TextRule, WEB_ADDRESS } from '../../graphql/common/bounds';
import { MAX_DESCRIPTION, MAX_NAME, MAX_PRICE, MAX_TITLE } from '../../graphql/common/limits';
import type { AttributeCondition, AvailabilityState, ItemFields } from '../../graphql/item/fields';
import type { ItemFilterArgs, ItemRecord, NewItemArgs } from '../../graphql/item/records';
import { type Item, Prisma } from '../../prisma/generated/sqlite/client';
import type { Row } from './hot-path-queries';

interface ItemColumn {
  readonly type: ColumnType;
  /** The field of a caller's item that it is made from; absent: callers do not set it. */
  readonly from?: keyof NewItemArgs;
  /** Makes the value from a given field; absent: the field is the value. */
  readonly make?: (given: never) => unknown;
  /** The value when the field is null or not given; absent: null. */
  readonly empty?: unknown;
  /** The value of a new item that callers do not set; absent: the database's default. */
  readonly initial?: () => unknown;
  /** The most characters of a text, or the greatest number. */
  readonly max?: number;
  /** The rule of a text; such a text is never cut. */
  readonly rule?: TextRule;
  /** Whether it only serves look-ups: the API's record does not have it. */
  readonly isHidden?: true;
}

const STATES: Record<AvailabilityState, true> = { IN_STOCK: true, PREORDER: true, OUT_OF_STOCK: true };

const AVAILABILITY: TextRule = {
  expected: `one of ${Object.keys(STATES).join(', ')}`,
  allows: (text) => text in STATES,
};

const COLUMNS = {
  id: { type: 'INTEGER' },
  externalId: { type: 'TEXT', from: 'externalId' },
  title: { type: 'TEXT', from: 'title', max: MAX_TITLE },
  sortTitle: { type: 'TEXT', from: 'title', make: (title: string) => title.toLowerCase(), isHidden: true },
  description: { type: 'TEXT', from: 'description', max: MAX_DESCRIPTION },
  brand: { type: 'TEXT', from: 'brand', max: MAX_NAME },
  categories: { type: 'JSONB', from: 'categories', empty: [] },
  price: { type: 'DOUBLE PRECISION', from: 'price', max: MAX_PRICE },
  currency: { type: 'TEXT', from: 'currency', rule: CURRENCY },
  url: { type: 'TEXT', from: 'url', rule: WEB_ADDRESS },
  imageUrl: { type: 'TEXT', from: 'imageUrl', rule: WEB_ADDRESS },
  availability: { type: 'TEXT', from: 'availability', empty: 'IN_STOCK', rule: AVAILABILITY },
  availableFrom: { type: 'TIMESTAMP', from: 'availableFrom' },
  availableUntil: { type: 'TIMESTAMP', from: 'availableUntil' },
  groupId: { type: 'TEXT', from: 'groupId', rule: GROUP_ID },
  attributes: { type: 'JSONB', from: 'attributes' },
  interactionCount: { type: 'INTEGER' },
  popularity: { type: 'INTEGER', isHidden: true },
  addedAt: { type: 'TIMESTAMP', initial: () => new Date() },
  removedAt: { type: 'TIMESTAMP', initial: () => null },
} as const satisfies Record<keyof Item | keyof ItemRecord, ItemColumn>;

/** The conditions of a filter on columns of "Item". Values are parameters, so that no caller's text ever becomes SQL. */
const CONDITIONS: { readonly [K in ColumnCondition]-?: (given: NonNullable<ItemFilterArgs[K]>) => Prisma.Sql } = {
  // Asked of each item: the items of a large category would be listed again for each window of ids.
  categories: (names) =>
    Prisma.sql`EXISTS (SELECT 1 FROM "ItemCategory" WHERE "itemId" = "Item"."id" AND ${isIn('name', names)})`,
  brands: (brands) => isIn('brand', brands),
  minPrice: (price) => Prisma.sql`"price" >= ${price}`,
  maxPrice: (price) => Prisma.sql`"price" <= ${price}`,
  isAvailable: (wanted) => (wanted ? isAvailableAt(new Date()) : isUnavailableAt(new Date())),
  availability: (states) => isIn('availability', states),
  groupIds: (ids) => isIn('groupId', ids),
  attributes: (conditions) => and(conditions.map(attributeCondition)),
  externalIds: (ids) => isIn('externalId', ids),
  excludeExternalIds: (ids) => Prisma.sql`NOT ${isIn('externalId', ids)}`,
  addedAfter: (time) => Prisma.sql`"addedAt" > ${time}`,
};

function and(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? Prisma.sql`TRUE` : Prisma.sql`(${Prisma.join(conditions, ' AND ')})`;
}

/** Compares the JSON text of a value, which both databases write as `JSON.stringify` does. A JSON null is no value. */
function attributeCondition({ name, exists, min, max, ...given }: AttributeCondition): Prisma.Sql {
  const value = Prisma.sql`COALESCE(CAST("attributes" -> CAST(${name} AS TEXT) AS TEXT), 'null')`;
  if (exists === false) return Prisma.sql`${value} = 'null'`;
  const parts = [Prisma.sql`${value} <> 'null'`];
  if (given.equals != null) parts.push(Prisma.sql`${value} = ${JSON.stringify(given.equals)}`);
  if (given.in)
    parts.push(
      isOneOf(
        value,
        given.in.map((each) => JSON.stringify(each)),
      ),
    );
  // Numbers alone begin with these: no text is cast, which PostgreSQL would refuse.
  const isNumber = Prisma.sql`substr(${value}, 1, 1) IN ('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9')`;
  const number = Prisma.sql`CASE WHEN ${isNumber} THEN CAST(${value} AS DOUBLE PRECISION) END`;
  if (min != null) parts.push(Prisma.sql`${number} >= ${min}`);
  if (max != null) parts.push(Prisma.sql`${number} <= ${max}`);
  return and(parts);
}

/** The same of an item that has been read. */
export function isAvailable({ availability, availableFrom, availableUntil }: Availability, now = new Date()): boolean {
  const hasBegun = availableFrom == null || availableFrom <= now;
  return availability !== 'OUT_OF_STOCK' && hasBegun && (availableUntil == null || availableUntil > now);
}

interface Availability {
  readonly availability?: string | null;
  readonly availableFrom?: Date | null;
  readonly availableUntil?: Date | null;
}

function isAvailableAt(now: Date): Prisma.Sql {
  const hasBegun = Prisma.sql`("availableFrom" IS NULL OR "availableFrom" <= ${now})`;
  const hasNotEnded = Prisma.sql`("availableUntil" IS NULL OR "availableUntil" > ${now})`;
  return Prisma.sql`("availability" <> 'OUT_OF_STOCK' AND ${hasBegun} AND ${hasNotEnded})`;
}

function isUnavailableAt(now: Date): Prisma.Sql {
  return Prisma.sql`("availability" = 'OUT_OF_STOCK' OR "availableFrom" > ${now} OR "availableUntil" <= ${now})`;
}

/** Whether a column has one of these values; an empty list has none. */
export function isIn(column: string, values: readonly (string | number)[]): Prisma.Sql {
  return isOneOf(Prisma.raw(`"${column}"`), values);
}

function isOneOf(value: Prisma.Sql, values: readonly (string | number)[]): Prisma.Sql {
  return values.length === 0 ? Prisma.sql`FALSE` : Prisma.sql`(${value} IN (${Prisma.join(values)}))`;
}

/** All but the semantic ID, which is in no column of Item. */
type ColumnCondition = Exclude<keyof ItemFilterArgs, 'semanticIdPrefix'>;

/** @returns One condition for each that the filter gives. A field that is absent or null asks for nothing; no item passes an empty list. */
export function columnConditions(filter: ItemFilterArgs): Prisma.Sql[] {
  return Object.entries(CONDITIONS).flatMap(([name, condition]) => {
    const given = filter[name as ColumnCondition];
    return given === undefined || given === null ? [] : condition(given as never);
  });
}

type Columns = typeof COLUMNS;
type RecordColumn = { [K in keyof Columns]: Columns[K] extends { isHidden: true } ? never : K }[keyof Columns];

const ALL = Object.entries<ItemColumn>(COLUMNS);
const IN_RECORD = ALL.filter(([, { isHidden }]) => !isHidden);
const INSERTED = ALL.filter(([, { from, initial }]) => from !== undefined || initial !== undefined);

/** An optional field of an item, as the files of imports and exports have it. */
export interface OptionalField {
  readonly name: keyof ItemFields;
  readonly type: ColumnType;
  /** The most characters of a text, or the greatest number. */
  readonly max?: number;
  readonly rule?: TextRule;
}

const REQUIRED: readonly string[] = ['externalId', 'title', 'categories'];

export const OPTIONAL_FIELDS: readonly OptionalField[] = ALL.filter(
  ([name, { from, isHidden }]) => from !== undefined && !isHidden && !REQUIRED.includes(name),
).map(([name, { type, max, rule }]) => ({ name: name as keyof ItemFields, type, max, rule }));

/** @param valueOf - Gives the value of a field; null: it is empty. Undefined: the field is left out. */
export function optionalFields(valueOf: (field: OptionalField) => unknown): ItemFields {
  const given = OPTIONAL_FIELDS.map((field) => [field.name, valueOf(field)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** The columns of a record. */
export type ItemRow = Pick<Item, RecordColumn>;

/** Prisma's `select` of a record's columns. */
export const ITEM_SELECT = Object.fromEntries(IN_RECORD.map(([name]) => [name, true])) as Record<RecordColumn, true>;

export function itemRecord(row: ItemRow): ItemRecord {
  const record: Record<string, unknown> = {};
  for (const [name] of IN_RECORD) record[name] = row[name as RecordColumn];
  return record as unknown as ItemRecord;
}

/** The columns of a record in SQL, in the order that `itemOfRow` expects. */
export const ITEM_COLUMN_LIST = IN_RECORD.map(([name]) => `"${name}"`).join(', ');

export function itemOfRow(row: Row): ItemRecord {
  const record: Record<string, unknown> = {};
  for (const [i, [name, { type }]] of IN_RECORD.entries()) record[name] = parseValue(type, row[i]);
  return record as unknown as ItemRecord;
}

/** The types of the columns that bulk inserts write. */
export const INSERTED_ITEM_COLUMNS: Readonly<Record<string, ColumnType>> = Object.fromEntries(
  INSERTED.map(([name, { type }]) => [name, type]),
);

/** A row of `INSERTED_ITEM_COLUMNS`. */
export type InsertedItem = Omit<Prisma.ItemCreateManyInput, 'attributes'> & {
  readonly attributes: unknown;
  readonly addedAt: Date;
};

export function insertedItem(item: NewItemArgs): InsertedItem {
  const row = INSERTED.map(([name, column]) => [name, column.initial ? column.initial() : valueOf(column, item)]);
  return Object.fromEntries(row) as InsertedItem;
}

/** @returns The fields of an item that there is, with those that are given in place of its own. */
export function mergedItem(row: ItemRow, given: Partial<NewItemArgs>): NewItemArgs {
  const fields: Record<string, unknown> = {};
  for (const [name, { from, isHidden }] of ALL) {
    if (from === undefined || isHidden) continue;
    fields[from] = given[from] === undefined ? row[name as RecordColumn] : given[from];
  }
  return fields as unknown as NewItemArgs;
}

/** The types of the columns that bulk updates write: those that callers set, and whether the item is live. */
export const UPDATED_ITEM_COLUMNS: Readonly<Record<string, ColumnType>> = {
  ...Object.fromEntries(ALL.filter(([, { from }]) => from !== undefined).map(([name, { type }]) => [name, type])),
  removedAt: 'TIMESTAMP',
};

/** @returns Whether an item has all that a patch gives already, whatever the order of keys in its attributes. */
export function hasFields(row: ItemRow, patch: GivenFields): boolean {
  return ALL.every(([name, column]) => {
    if (column.from === undefined || column.isHidden || patch[column.from] === undefined) return true;
    return isDeepStrictEqual(asJson(valueOf(column, patch)), asJson(row[name as RecordColumn]));
  });
}

/** Objects of a GraphQL document have no prototype, and those of the database have one. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

type GivenFields = { readonly [K in keyof NewItemArgs]?: unknown };

function valueOf({ from, make, empty }: ItemColumn, given: GivenFields): unknown {
  const field = from && given[from];
  if (field === undefined || field === null) return empty ?? null;
  return make === undefined ? field : make(field as never);
}

/** PostgreSQL's names; SQLite takes a value's type from the JSON. */
export type ColumnType = 'TEXT' | 'INTEGER' | 'BOOLEAN' | 'DOUBLE PRECISION' | 'TIMESTAMP' | 'JSONB' | 'BYTEA';

/** @returns The value as Prisma gives it. Times and JSON come as text (see `Row`). */
export function parseValue(type: ColumnType, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'TIMESTAMP') return new Date(value as string);
  return type === 'JSONB' ? (JSON.parse(value as string) as unknown) : value;
}
