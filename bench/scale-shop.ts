/**
 * Writes the folder of a generated shop that `import` reads, event by event, in little memory: items in categories, the favourites of each
 * by Zipf's law, users who drift from one category to the next and stay near what they last took, and vectors of the shop's own.
 */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';

import { createRandom, type Random } from '../models/math/random';

const EVENTS_PER_ITEM = 10;
const USERS_PER_ITEM = 0.6;
export const DIMS = 64;
const SEED = 1;

/** Two years of events. */
const FIRST_MS = Date.UTC(2024, 0, 1);
const SPAN_MS = 2 * 365 * 86_400_000;
/** Shares of the events with which a user turns to another category, and takes something near the last item. */
const DRIFT = 0.1;
const NEAR = 0.5;
/** Noise beside a category's direction in a vector. */
const NOISE = 0.7;

/** @param dir - It is made when it is not there. */
export async function writeScaleShop(dir: string, items: number): Promise<void> {
  await mkdir(dir, { recursive: true });
  const categories = Math.round(Math.sqrt(items));
  await writeLines(join(dir, 'items.csv'), itemLines(items, categories));
  await writeLines(join(dir, 'events.csv'), eventLines(items, categories));
  await writeLines(join(dir, 'vectors.float32.bin'), vectors(items, categories));
  await writeFile(join(dir, 'vectors.json'), JSON.stringify({ rows: items, dims: DIMS, dtype: 'float32' }));
}

async function writeLines(file: string, chunks: Iterable<string | Uint8Array>): Promise<void> {
  const stream: WriteStream = createWriteStream(file);
  for (const chunk of chunks) if (!stream.write(chunk)) await once(stream, 'drain');
  stream.end();
  await finished(stream);
}

const LINES_PER_CHUNK = 1000;

function* itemLines(items: number, categories: number): Generator<string> {
  yield 'id,title,brand,categories,price\n';
  for (let from = 0; from < items; from += LINES_PER_CHUNK)
    yield linesOf(from, items, (item) => {
      const category = item % categories;
      return `i${item},Thing ${item} of kind ${category},Brand ${item % 997},Kind ${category % 20} > Kind ${category},${1 + (item % 200)}`;
    });
}

/** In the order of time, as a shop's log has them. */
function* eventLines(items: number, categories: number): Generator<string> {
  const random = createRandom(SEED);
  const users = usersOf(items);
  const [favourite, rank] = [new Int32Array(users).fill(-1), new Int32Array(users)];
  const step = SPAN_MS / (items * EVENTS_PER_ITEM);
  yield 'customer_id,stock_code,timestamp\n';
  for (let from = 0; from < items * EVENTS_PER_ITEM; from += LINES_PER_CHUNK)
    yield linesOf(from, items * EVENTS_PER_ITEM, (event) => {
      const user = Math.floor(users * random.next() ** 1.5); // some come more often than others
      const isNew = favourite[user] === -1 || random.next() < DRIFT;
      if (isNew) favourite[user] = zipf(random, categories);
      const ranks = Math.ceil((items - favourite[user]) / categories);
      const isNear = !isNew && random.next() < NEAR;
      rank[user] = isNear ? (rank[user] + 1 + random.int(5)) % ranks : zipf(random, ranks);
      const item = rank[user] * categories + favourite[user];
      return `u${user},i${item},${Math.round(FIRST_MS + event * step)}`;
    });
}

export function usersOf(items: number): number {
  return Math.round(items * USERS_PER_ITEM);
}

function linesOf(from: number, end: number, lineOf: (index: number) => string): string {
  let lines = '';
  for (let index = from; index < Math.min(end, from + LINES_PER_CHUNK); index++) lines += `${lineOf(index)}\n`;
  return lines;
}

/** @returns A rank from 0 on; rank r is drawn nearly as often as 1 / (r + 1) says. */
function zipf(random: Random, ranks: number): number {
  return Math.floor(ranks ** random.next()) - 1;
}

function* vectors(items: number, categories: number): Generator<Uint8Array> {
  const random = createRandom(SEED, 1);
  const centres = Float32Array.from({ length: categories * DIMS }, () => random.normal());
  for (let item = 0; item < items; item++) {
    const centre = (item % categories) * DIMS;
    const vector = Float32Array.from({ length: DIMS }, (_, d) => centres[centre + d] + NOISE * random.normal());
    yield new Uint8Array(vector.buffer);
  }
}
