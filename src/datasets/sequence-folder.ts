/**
 * The research layout: `items.jsonl` (one item per line), `sequences.txt` (one user per line: user id, then item ids, oldest
 * first), and optionally `gaps_days.txt` (one user per line: user id, then the whole days since the interaction before). A folder that
 * has `interactions.jsonl` (one interaction per line) needs neither, and they are not read. Each of these files may be gzipped (`.gz`).
 * `items.parquet` and `interactions.parquet` have the fields of the JSON lines as columns, and `embedding` in place of a file of vectors.
 */
import { basename } from 'node:path';

import { z } from 'zod';

import type { ItemFields } from '../../graphql/item/fields';
import { KINDS } from '../../models/data/kinds';
import { DAY_MS } from '../../models/math/day';
import { OPTIONAL_FIELDS, type OptionalField, optionalFields } from '../storage/item-columns';
import { checkId, checkStorable, idSchema, readRows, timeSchema } from './check-rows';
import { DatasetError, type DatasetItem, type DatasetSequence, type DatasetSource, type ReadOptions } from './dataset';
import { type Line, oneOf, orGzipped, readLines } from './dataset-files';
import { Histories } from './histories';
import { PARQUET } from './parquet';
import { RegisteredItems } from './registered-items';
import { openEmbeddings, openVectors } from './vectors';

/** Gaps have no date, so every history starts on the same arbitrary date. */
const FIRST_DAY = Date.UTC(2000, 0, 1);

const dateSchema = timeSchema.transform((timeMs) => new Date(timeMs));

const optionalSchemas = Object.fromEntries(OPTIONAL_FIELDS.map((field) => [field.name, schemaOf(field)]));

function schemaOf({ type, rule, max = Infinity }: OptionalField): z.ZodType {
  if (rule) return z.string().refine(rule.allows, `expected ${rule.expected}`).nullish();
  if (type === 'TEXT') return z.string().nullish();
  if (type === 'TIMESTAMP') return dateSchema.nullish();
  if (type === 'DOUBLE PRECISION') return z.number().nonnegative().max(max).nullish();
  return z.unknown().optional();
}

const itemSchema = z.object({
  id: idSchema,
  title: z.string().nullish(),
  categories: z.array(z.string()).nullish(),
  addedAt: dateSchema.nullish(),
  removedAt: dateSchema.nullish(),
  vector: z.literal(false).nullish(),
  encoder: z.string().min(1).nullish(),
  ...optionalSchemas,
});

/**
 * @param itemsFile - In the folder.
 * @throws {DatasetError} When a file is missing, or when the size of the vectors file is not as described.
 */
export async function openSequenceFolder(
  dir: string,
  itemsFile: string,
  options: ReadOptions = {},
): Promise<DatasetSource> {
  const fileOf = (...names: string[]) => oneOf(dir, names);
  const [sequencesFile, gapsFile] = ['sequences.txt', 'gaps_days.txt'].map((name) => fileOf(...orGzipped(name)));
  const interactionsFile = fileOf(...orGzipped(INTERACTIONS), `interactions${PARQUET}`);
  const vectors = (await openVectors(dir)) ?? (await openEmbeddings(itemsFile));
  const known = new RegisteredItems(itemsFile, vectors, options);
  return known.sourceOf(dir, {
    items: () => readItems(itemsFile),
    sequences: () => {
      if (interactionsFile !== null) return readInteractions(interactionsFile, known);
      return sequencesFile === null ? noSequences() : readSequences(sequencesFile, gapsFile, known);
    },
  });
}

async function* readItems(
  file: string,
): AsyncGenerator<{ item: Omit<DatasetItem, 'vector'>; line: number; hasVector: boolean }> {
  for await (const { number, value: item } of readRows(file, itemSchema, 'item')) {
    const { id, title, categories, addedAt, removedAt, encoder } = item;
    yield {
      line: number,
      hasVector: item.vector !== false,
      item: {
        externalId: id,
        title: title ?? '',
        ...(categories !== undefined && { categories: categories ?? [] }),
        ...optionalFields(({ name }) => (item as ItemFields)[name]),
        ...(addedAt && { addedAt }),
        ...(removedAt && { removedAt }),
        ...(encoder && { encoder }),
      },
    };
  }
}

/** A shop that opens has none. */
async function* noSequences(): AsyncGenerator<DatasetSequence> {}

/** Times without gaps are a day apart, so that no two items look like one basket. */
async function* readSequences(
  file: string,
  gapsFile: string | null,
  known: RegisteredItems,
): AsyncGenerator<DatasetSequence> {
  const gapLines = gapsFile === null ? null : readLines(gapsFile);
  const users = new Set<string>();
  try {
    for await (const { number, text } of readLines(file)) {
      const [user, ...itemIds] = text.split(/\s+/);
      if (itemIds.length === 0)
        throw new DatasetError(file, number, 'expected a user id and at least one item id, got one id');
      if (users.has(user)) throw new DatasetError(file, number, `user ${user}: expected one line, got a second one`);
      users.add(user);
      checkStorable(file, number, { user });
      checkId(file, number, 'user', user);
      const isKnown = itemIds.map((id) => known.has(id, file, number));
      const keep = <T>(values: readonly T[]) => values.filter((_, i) => isKnown[i]);
      const gaps = gapLines && (await nextGaps(gapLines, gapsFile!, user, itemIds.length));
      yield {
        userExternalId: user,
        itemExternalIds: keep(itemIds),
        times: keep(timesOf(gaps ?? itemIds.map(() => 1))),
      };
    }
    const { value: more } = (await gapLines?.next()) ?? {};
    if (more) throw new DatasetError(gapsFile!, more.number, `expected as many lines as ${basename(file)}, got more`);
  } finally {
    await gapLines?.return(undefined);
  }
}

async function nextGaps(
  lines: AsyncGenerator<Line, void>,
  file: string,
  user: string,
  count: number,
): Promise<number[]> {
  const { value: line } = await lines.next();
  if (!line) throw new DatasetError(file, null, `user ${user}: expected a line, got the end of the file`);
  const [gapUser, ...gaps] = line.text.split(/\s+/);
  if (gapUser !== user)
    throw new DatasetError(file, line.number, `expected user ${user} as in sequences.txt, got ${gapUser}`);
  if (gaps.length !== count || !gaps.every((gap) => /^\d{1,6}$/.test(gap)))
    throw new DatasetError(
      file,
      line.number,
      `user ${user}: expected ${count} gaps in whole days, got "${gaps.join(' ')}"`,
    );
  return gaps.map(Number);
}

/** @param gaps - Days since the item before. The first item is at the first day, whatever its gap. */
function timesOf(gaps: readonly number[]): number[] {
  let days = 0;
  return gaps.map((gap, i) => FIRST_DAY + (days += i === 0 ? 0 : gap) * DAY_MS);
}

export const INTERACTIONS = 'interactions.jsonl';

/** A storefront token's user comes before its event's id: 200 characters, each of which may take 12, and 200 more. */
export const MAX_EVENT_ID_LENGTH = 3_000;

const schema = z.object({
  user: idSchema,
  item: idSchema,
  kind: z.enum(KINDS),
  rating: z.number().nullish(),
  at: timeSchema,
  eventId: z.string().min(1).max(MAX_EVENT_ID_LENGTH).nullish(),
});

/** @throws {DatasetError} When a line is wrong. */
export async function* readInteractions(file: string, known: RegisteredItems): AsyncGenerator<DatasetSequence> {
  const histories = new Histories();
  for await (const { number, value } of readRows(file, schema, 'interaction')) {
    const { user, item: itemId, kind, at: timeMs, eventId = null, rating = null } = value;
    if (rating !== null && kind !== 'RATING')
      throw new DatasetError(file, number, `rating: expected none, since only a RATING has one, got ${rating}`);
    checkId(file, number, 'user', user);
    known.checkTime(file, number, 'at', timeMs);
    if (known.has(itemId, file, number)) histories.add(user, { itemId, timeMs, kind, eventId, rating });
  }
  yield* histories.sequences();
}
