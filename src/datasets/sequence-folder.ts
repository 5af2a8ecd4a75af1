/**
 * The research layout: `items.jsonl` (one item per line), `sequences.txt` (one user per line: user id, then item ids, oldest
 * first), and optionally `gaps_days.txt` (one user per line: user id, then the whole days since the interaction before). A folder that
 * has `interactions.jsonl` (one interaction per line) needs neither, and they are not read.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

import { z } from 'zod';

import { isInTime } from '../../graphql/common/bounds';
import { MAX_PRICE } from '../../graphql/common/limits';
import { checkStorable } from './check-storable';
import { DatasetError, type DatasetItem, type DatasetSequence, type DatasetSource, type ReadOptions } from './dataset';
import { DAY_MS } from './day';
import { INTERACTIONS, readInteractions } from './interaction-lines';
import { idSchema, parseLine, timeSchema } from './json-lines';
import { readLines, type Line } from './lines';
import { RegisteredItems } from './registered-items';
import { openVectors } from './vectors';

/** Only an export has this file. */
export const EXPORT = 'export.json';
/** Gaps have no date, so every history starts on the same arbitrary date. */
const FIRST_DAY = Date.UTC(2000, 0, 1);
const MINUTE_MS = 60_000;
/** Items without gaps that are a day apart, up to 2024-08-22. The later ones of a history are a minute apart: none is in the future. */
const MAX_DAYS = 9_000;

const dateSchema = timeSchema.transform((timeMs) => new Date(timeMs));

const itemSchema = z.object({
  id: idSchema,
  title: z.string().nullish(),
  description: z.string().nullish(),
  brand: z.string().nullish(),
  categories: z.array(z.string()).nullish(),
  price: z.number().nonnegative().max(MAX_PRICE).nullish(),
  attributes: z.unknown().optional(),
  addedAt: dateSchema.nullish(),
  removedAt: dateSchema.nullish(),
  vector: z.literal(false).nullish(),
  encoder: z.string().min(1).nullish(),
  embedding: z
    .unknown()
    .transform((value) => value !== null)
    .optional(),
});

/** @throws {DatasetError} When a file is missing, or when the size of the vectors file is not as described. */
export async function openSequenceFolder(dir: string, options: ReadOptions = {}): Promise<DatasetSource> {
  const sequencesFile = join(dir, 'sequences.txt');
  const gapsFile = join(dir, 'gaps_days.txt');
  const interactionsFile = join(dir, INTERACTIONS);
  const hasInteractions = existsSync(interactionsFile);
  if (!hasInteractions && !existsSync(sequencesFile))
    throw new DatasetError(dir, null, `expected sequences.txt or ${INTERACTIONS} beside items.jsonl, got neither`);
  const itemsFile = join(dir, 'items.jsonl');
  const isExport = existsSync(join(dir, EXPORT));
  const known = new RegisteredItems(itemsFile, await openVectors(dir), { ...options, isExport });
  return known.sourceOf(dir, {
    items: () => readItems(itemsFile),
    sequences: () =>
      hasInteractions
        ? readInteractions(interactionsFile, known)
        : readSequences(sequencesFile, existsSync(gapsFile) ? gapsFile : null, known),
  });
}

async function* readItems(
  file: string,
): AsyncGenerator<{ item: Omit<DatasetItem, 'vector'>; line: number; hasVector: boolean; hasEmbedding: boolean }> {
  for await (const { number, text } of readLines(file)) {
    const item = parseItem(file, { number, text });
    const { id, title, description, brand, categories, price, attributes, addedAt, removedAt, encoder } = item;
    yield {
      line: number,
      hasVector: item.vector !== false,
      hasEmbedding: item.embedding === true,
      item: {
        externalId: id,
        title: title ?? '',
        description: description ?? null,
        brand: brand ?? null,
        categories: categories ?? [],
        price: price ?? null,
        ...((attributes ?? null) !== null && { attributes }),
        ...(addedAt && { addedAt }),
        ...(removedAt && { removedAt }),
        ...(encoder && { encoder }),
      },
    };
  }
}

function parseItem(file: string, line: Line): z.infer<typeof itemSchema> {
  return parseLine(file, line, itemSchema, 'item');
}

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
      known.checkId(file, number, 'user', user);
      const isKnown = itemIds.map((id) => known.has(id, file, number));
      const gaps = gapLines === null ? null : await nextGaps(gapLines, gapsFile as string, user, itemIds.length);
      const times = gaps === null ? timesWithoutGaps(itemIds.length) : timesOf(gaps);
      if (!times.every(isInTime))
        throw new DatasetError(
          gapsFile ?? file,
          number,
          `user ${user}: expected times up to the year 9999, got later ones`,
        );
      const keep = <T>(values: readonly T[]) => values.filter((_, i) => isKnown[i]);
      yield { userExternalId: user, itemExternalIds: keep(itemIds), times: keep(times) };
    }
    const extra = await gapLines?.next();
    if (extra?.value)
      throw new DatasetError(
        gapsFile as string,
        extra.value.number,
        `expected as many lines as ${basename(file)}, got more`,
      );
  } finally {
    await gapLines?.return(undefined);
  }
}

/** @param gaps - Days since the item before. The first item is at the first day, whatever its gap. */
function timesOf(gaps: readonly number[]): number[] {
  let days = 0;
  return gaps.map((gap, i) => FIRST_DAY + (days += i === 0 ? 0 : gap) * DAY_MS);
}

/** No two are equal, so that no two items look like one basket. The times of a history stay as they are when it grows. */
function timesWithoutGaps(count: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => FIRST_DAY + Math.min(i, MAX_DAYS) * DAY_MS + Math.max(0, i - MAX_DAYS) * MINUTE_MS,
  );
}

async function nextGaps(lines: AsyncGenerator<Line>, file: string, user: string, count: number): Promise<number[]> {
  const { value: line, done } = await lines.next();
  if (done) throw new DatasetError(file, null, `user ${user}: expected a line, got the end of the file`);
  const [gapUser, ...gaps] = line.text.split(/\s+/);
  if (gapUser !== user)
    throw new DatasetError(file, line.number, `expected user ${user} as in sequences.txt, got ${gapUser}`);
  if (gaps.length !== count)
    throw new DatasetError(file, line.number, `user ${user}: expected ${count} gaps, got ${gaps.length}`);
  const wrong = gaps.find((gap) => !/^\d+$/.test(gap));
  if (wrong !== undefined)
    throw new DatasetError(file, line.number, `user ${user}: expected whole days of 0 or more, got "${wrong}"`);
  return gaps.map(Number);
}
