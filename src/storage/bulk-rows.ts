/**
 * Writes many rows of one table at once, as one JSON document that the database takes apart. This is 25 times as fast as
 * `createMany`, which makes a parameter of every value. No value becomes part of the SQL.
 */
import { setImmediate } from 'node:timers/promises';

import { STORABLE_TEXT, unstorablePath } from '../../graphql/common/storable-text';
import { chunksOf } from '../../models/math/arrays';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { type ColumnType, INSERTED_ITEM_COLUMNS, type InsertedItem, UPDATED_ITEM_COLUMNS } from './item-columns';
import { providerOf, type Transaction } from './transaction';

interface BulkRows {
  readonly Item: InsertedItem;
  readonly ItemVector: Prisma.ItemVectorCreateManyInput;
  readonly ItemCategory: Prisma.ItemCategoryCreateManyInput;
  readonly User: Prisma.UserCreateManyInput;
  readonly Interaction: Prisma.InteractionCreateManyInput;
  readonly List: Prisma.ListCreateManyInput;
  readonly Feedback: Prisma.FeedbackCreateManyInput;
  readonly Dismissal: Prisma.DismissalCreateManyInput;
  readonly SemanticId: Prisma.SemanticIdCreateManyInput;
  readonly SemanticIdPrefix: Prisma.SemanticIdPrefixCreateManyInput;
  readonly CatalogueLogItem: Prisma.CatalogueLogItemCreateManyInput;
  readonly ProgressEvent: Prisma.ProgressEventCreateManyInput;
}

const COLUMNS: { readonly [T in keyof BulkRows]: Readonly<Record<string, ColumnType>> } = {
  Item: INSERTED_ITEM_COLUMNS,
  ItemVector: { itemId: 'INTEGER', encoder: 'TEXT', dims: 'INTEGER', data: 'BYTEA' },
  ItemCategory: { itemId: 'INTEGER', name: 'TEXT' },
  User: { externalId: 'TEXT' },
  Interaction: {
    ...{ eventId: 'TEXT', userId: 'INTEGER', itemId: 'INTEGER', kind: 'TEXT' },
    ...{ rating: 'DOUBLE PRECISION', occurredAt: 'TIMESTAMP' },
  },
  List: {
    ...{ key: 'TEXT', placement: 'TEXT', modelVersionId: 'INTEGER', armId: 'INTEGER' },
    ...{ madeAt: 'TIMESTAMP', userId: 'INTEGER' },
  },
  Feedback: {
    ...{ listKey: 'TEXT', itemId: 'INTEGER', kind: 'TEXT', eventId: 'TEXT', userId: 'INTEGER', at: 'TIMESTAMP' },
    ...{ value: 'DOUBLE PRECISION', currency: 'TEXT', quantity: 'INTEGER' },
  },
  Dismissal: { userId: 'INTEGER', itemId: 'INTEGER', at: 'TIMESTAMP' },
  SemanticId: { tokenizerId: 'INTEGER', itemId: 'INTEGER', codesKey: 'TEXT' },
  SemanticIdPrefix: { tokenizerId: 'INTEGER', level: 'INTEGER', prefixKey: 'TEXT', itemCount: 'INTEGER' },
  CatalogueLogItem: {
    version: 'INTEGER',
    itemId: 'INTEGER',
    beforeKey: 'TEXT',
    afterKey: 'TEXT',
    isReencoded: 'BOOLEAN',
    wasLive: 'BOOLEAN',
    isLive: 'BOOLEAN',
  },
  ProgressEvent: { jobId: 'INTEGER', record: 'JSONB', isStatusChange: 'BOOLEAN' },
};

const ROWS_PER_STATEMENT = 500;

/**
 * Inserts the rows in their order; an absent value is null. Yields to the event loop after each 500 rows.
 *
 * @throws {Error} When a text is none that databases can keep.
 */
export async function insertRows<T extends keyof BulkRows>(
  transaction: Transaction,
  table: T,
  rows: readonly BulkRows[T][],
): Promise<void> {
  const sql = insertStatement(transaction, table);
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await transaction.$executeRawUnsafe(sql, JSON.stringify(chunk.map((row) => valuesOf(table, COLUMNS[table], row))));
    await setImmediate();
  }
}

function insertStatement(transaction: Transaction, table: keyof BulkRows): string {
  const names = Object.keys(COLUMNS[table]).map((name) => `"${name}"`);
  const { values, source } = valuesIn(transaction, COLUMNS[table]);
  return `INSERT INTO "${table}" (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${source}`;
}

const ITEM_KEY = { id: 'INTEGER' } as const;

/** Gives items the columns that callers set, and makes them live or removed. They are in step with the categories' rows afterwards only. */
export async function updateItemRows(
  transaction: Transaction,
  rows: readonly (InsertedItem & { readonly id: number })[],
): Promise<void> {
  const columns = { ...ITEM_KEY, ...UPDATED_ITEM_COLUMNS };
  const { values, source } = valuesIn(transaction, columns);
  const [id, ...others] = values;
  const set = Object.keys(UPDATED_ITEM_COLUMNS).map((name, i) => `"${name}" = ${others[i]}`);
  const sql = `UPDATE "Item" SET ${set.join(', ')} FROM ${source} WHERE "Item"."id" = ${id}`;
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await transaction.$executeRawUnsafe(sql, JSON.stringify(chunk.map((row) => valuesOf('Item', columns, row))));
    await setImmediate();
  }
}

type Columns = Readonly<Record<string, ColumnType>>;

/**
 * Joins rows that no table has with tables: piece by piece, as a table of its own.
 *
 * @param sqlOf - Gives the statement, with the expression that stands for the table.
 * @param run - Runs it, with the rows as its only parameter.
 */
export async function forRows(
  transaction: Transaction,
  columns: Columns,
  rows: readonly object[],
  sqlOf: (table: string) => string,
  run: (sql: string, rows: string) => Promise<unknown>,
): Promise<void> {
  const { values, source } = valuesIn(transaction, columns);
  const named = Object.keys(columns).map((name, i) => `${values[i]} AS "${name}"`);
  const sql = sqlOf(`(SELECT ${named.join(', ')} FROM ${source})`);
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await run(sql, JSON.stringify(chunk.map((row) => valuesOf('rows', columns, row))));
    await setImmediate();
  }
}

/** @returns The expressions of the columns in a row of the JSON document, and the table that it is taken apart to. */
function valuesIn(transaction: Transaction, columns: Columns): { values: string[]; source: string } {
  const isSqlite = providerOf(transaction) === 'sqlite';
  const values = Object.values(columns).map((type, i) => (isSqlite ? sqliteValue : postgresqlValue)(type, i));
  return { values, source: isSqlite ? 'json_each(?)' : 'jsonb_array_elements(CAST($1 AS JSONB))' };
}

function sqliteValue(type: ColumnType, index: number): string {
  const value = `json_extract(value, '$[${index}]')`;
  return type === 'BYTEA' ? `unhex(${value})` : value;
}

function postgresqlValue(type: ColumnType, index: number): string {
  return type === 'BYTEA' ? `decode(value->>${index}, 'hex')` : `CAST(value->>${index} AS ${type})`;
}

/** Times are as the SQLite adapter writes them, which PostgreSQL reads too. JSON within the JSON is text, and bytes are hex. */
function valuesOf(table: string, columns: Columns, row: object): unknown[] {
  const values = row as Readonly<Record<string, unknown>>;
  return Object.entries(columns).map(([name, type]) => {
    const value = values[name] ?? null;
    if (value === null) return null;
    if (type === 'TIMESTAMP') return (value as Date).toISOString().replace('Z', '+00:00');
    if (type === 'BYTEA') return Buffer.from(value as Uint8Array).toString('hex');
    if (unstorablePath(value) !== null)
      throw new Error(`${table}.${name}: expected ${STORABLE_TEXT}, got one with them`);
    return type === 'JSONB' ? JSON.stringify(value) : value;
  });
}
