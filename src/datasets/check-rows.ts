/** Checks of single rows: JSON lines, ids, and texts that the API and the database take. */
import { z, type ZodError } from 'zod';

import { isLongerThan } from '../../graphql/common/bounds';
import { MAX_ID } from '../../graphql/common/limits';
import { STORABLE_TEXT, unstorablePath } from '../../graphql/common/storable-text';
import { messageOf } from '../message-of';
import { DatasetError } from './dataset';
import { type Line, readLines } from './dataset-files';
import { parseTime, TIME_FORMS } from './event-time';
import { PARQUET, readParquet } from './parquet';

/** Shops number their items and users, or name them. */
export const idSchema = z
  .union([z.string().min(1), z.int()], { error: 'expected text or a whole number' })
  .transform(String);

/** Milliseconds since 1970. */
export const timeSchema = z
  .union([z.string(), z.number()], { error: `expected ${TIME_FORMS}` })
  .transform((value, context) => {
    const time = parseTime(String(value));
    if (time !== null) return time;
    context.addIssue(`expected ${TIME_FORMS}, got "${value}"`);
    return z.NEVER;
  });

export interface CheckedRow<T> {
  /** Of its line, or of its row in Parquet, counted from 1. */
  readonly number: number;
  readonly value: T;
}

/**
 * Streams the rows of a file of JSON lines or of Parquet.
 *
 * @param root - What the object is, for a problem that is not about one field.
 * @throws {DatasetError} When a row is no JSON, not as the schema says, or has a text that no database can keep.
 */
export async function* readRows<T>(
  file: string,
  schema: z.ZodObject & z.ZodType<T>,
  root: string,
): AsyncGenerator<CheckedRow<T>> {
  for await (const { number, value } of rawRows(file, Object.keys(schema.shape))) {
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new DatasetError(file, number, issueText(parsed.error, root));
    checkStorable(file, number, parsed.data);
    yield { number, value: parsed.data };
  }
}

async function* rawRows(file: string, columns: readonly string[]): AsyncGenerator<CheckedRow<unknown>> {
  if (file.endsWith(PARQUET)) yield* readParquet(file, columns);
  else for await (const line of readLines(file)) yield { number: line.number, value: parseJson(file, line) };
}

function parseJson(file: string, { number, text }: Line): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DatasetError(
      file,
      number,
      `expected one JSON object on each line, got text that is not JSON: ${messageOf(error)}`,
    );
  }
}

/**
 * @param name - Of the field in the file, for the message.
 * @throws {DatasetError} When the id is blank or too long.
 */
export function checkId(file: string, line: number, name: string, id: string): void {
  if (id.trim() === '') throw new DatasetError(file, line, `${name}: expected an id, got a blank one`);
  if (!isLongerThan(id, MAX_ID)) return;
  const start = JSON.stringify(id.slice(0, 40));
  throw new DatasetError(
    file,
    line,
    `${name}: expected an id of at most ${MAX_ID} characters, got ${id.length}, which begin ${start}`,
  );
}

/**
 * @param fields - By their names in the file, for the message.
 * @throws {DatasetError} When one of them has such a text anywhere.
 */
export function checkStorable(file: string, line: number | null, fields: unknown): void {
  const path = unstorablePath(fields);
  if (path !== null)
    throw new DatasetError(file, line, `${path.join('.')}: expected ${STORABLE_TEXT}, got one with them`);
}

/**
 * @param root - The name of the whole document, for a problem that is not about one field.
 * @returns The first problem in one line: `field: expected …, got …`.
 */
export function issueText({ issues: [{ path, message }] }: ZodError, root: string): string {
  const text = message.replace(/^[^:]+: (?=expected)/, '').replace(', received ', ', got ');
  return `${path.join('.') || root}: ${text}`;
}
