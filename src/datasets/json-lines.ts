/** Reads a line that is one JSON object. */
import { z } from 'zod';

import { levelsOf } from '../../graphql/common/json-levels';
import { MAX_ITEM_DEPTH } from '../../graphql/common/limits';
import { messageOf } from '../message-of';
import { checkStorable } from './check-storable';
import { DatasetError } from './dataset';
import { parseTime, TIME_FORMS } from './event-time';
import { issueText } from './issue-text';
import type { Line } from './lines';

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

/**
 * @param root - What the object is, for a problem that is not about one field.
 * @throws {DatasetError} When the line is no JSON, not as the schema says, or has a text that no database can keep.
 */
export function parseLine<T>(file: string, { number, text }: Line, schema: z.ZodType<T>, root: string): T {
  const parsed = schema.safeParse(jsonOf(file, number, text));
  if (!parsed.success) throw new DatasetError(file, number, issueText(parsed.error, root));
  checkStorable(file, number, parsed.data);
  return parsed.data;
}

function jsonOf(file: string, number: number, text: string): unknown {
  const value = parseJson(file, number, text);
  if (typeof value !== 'object' || value === null) return value;
  for (const { depth } of levelsOf(value))
    if (depth > MAX_ITEM_DEPTH)
      throw new DatasetError(file, number, `expected at most ${MAX_ITEM_DEPTH} levels of lists and objects, got more`);
  return value;
}

function parseJson(file: string, number: number, text: string): unknown {
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
