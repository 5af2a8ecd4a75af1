/** Searches of 100,000 items, from the words to the first page. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '../../models/math/random';
import { CatalogueReads } from '../../src/catalogue/catalogue-reads';
import { insertRows } from '../../src/storage/bulk-rows';
import { type Database, openDatabase } from '../../src/storage/database';
import { insertedItem } from '../../src/storage/item-columns';
import { RequestReads } from '../../src/storage/request-reads';
import type { Claim, Figures } from '../claim';
import { quantile } from '../harness';

const ITEMS = 100_000;
const SEARCHES = 300;

/** Words of made-up titles. */
const KINDS =
  'teapot mug shoe shirt lamp chair table knife bottle jacket dress boot glove scarf plate bowl spoon backpack tent towel'.split(
    ' ',
  );
const COLOURS = 'red blue green white black yellow grey brown pink orange'.split(' ');

export const search100k: Claim = {
  name: 'search-100k',
  what: 'a search of 100,000 items on SQLite, from its words to the first 20 items',
  unit: 'ms',
  limits: [{ on: 'ours', atMost: 30 }],
  measure,
  peer: { kind: 'none' },
};

async function measure(): Promise<Figures> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-search-'));
  const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
  try {
    await fill(database);
    return await timeSearches(database);
  } finally {
    await database.dispose();
    await rm(dir, { recursive: true, force: true });
  }
}

async function fill(database: Database): Promise<void> {
  const random = createRandom(1, 1);
  const one = (words: readonly string[]) => words[random.int(words.length)];
  const rows = Array.from({ length: ITEMS }, (_, i) =>
    insertedItem({
      externalId: `sku-${i}`,
      title: `${one(COLOURS)} ${one(KINDS)} series${random.int(2_000)} ${one(COLOURS)}`,
      brand: `brand${random.int(500)}`,
      categories: [`${one(KINDS)}s`],
    }),
  );
  await database.write((transaction) => insertRows(transaction, 'Item', rows));
}

async function timeSearches(database: Database): Promise<Figures> {
  const catalogue = new CatalogueReads(database, new RequestReads(database.hotPath));
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (let i = 0; i < SEARCHES; i++) {
    const [begin, cpu] = [performance.now(), process.cpuUsage()];
    await catalogue.items({ first: 20, after: null }, null, { search: searchOf(i) });
    times.push(performance.now() - begin);
    cpuTimes.push(process.cpuUsage(cpu).user / 1_000);
  }
  return {
    value: quantile(times, 0.5),
    cpu: quantile(cpuTimes, 0.5),
    notes: { p99Ms: quantile(times, 0.99), cpuP99Ms: quantile(cpuTimes, 0.99) },
  };
}

/** A colour and a kind, in both orders and in the plural; a word's beginning; a series; a brand and a kind; an ID. */
function searchOf(i: number): string {
  const [kind, colour] = [KINDS[i % KINDS.length], COLOURS[i % COLOURS.length]];
  switch (i % 6) {
    case 0:
      return `${colour} ${kind}`;
    case 1:
      return `${kind}s ${colour}`;
    case 2:
      return kind.slice(0, 3);
    case 3:
      return `series${(i * 7) % 2_000}`;
    case 4:
      return `brand${i % 500} ${kind}`;
    default:
      return `sku-${(i * 331) % ITEMS}`;
  }
}
