/** The types of columns, and how their values look in rows that are read without Prisma. */

/** PostgreSQL's names; SQLite takes a value's type from the JSON. */
export type ColumnType = 'TEXT' | 'INTEGER' | 'BOOLEAN' | 'DOUBLE PRECISION' | 'TIMESTAMP' | 'JSONB' | 'BYTEA';

/** @returns The value as Prisma gives it. Times and JSON come as text (see `Row`). */
export function parseValue(type: ColumnType, value: unknown): unknown {
  if (value === null) return null;
  if (type === 'TIMESTAMP') return new Date(value as string);
  return type === 'JSONB' ? (JSON.parse(value as string) as unknown) : value;
}
