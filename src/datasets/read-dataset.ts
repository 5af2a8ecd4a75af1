/** Opens a dataset folder of either layout and checks every line of it before anything uses it. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { DatasetError, type Dataset, type DatasetCounts, type DatasetSource } from './dataset';
import { openSequenceFolder } from './sequence-folder';
import { openShopFolder } from './shop-folder';

/**
 * Reads a dataset: `items.jsonl` with `sequences.txt`, or `items.csv` with `events.csv` or `events.csv.gz`.
 *
 * Every line is read and checked once here, so that nobody imports half a dataset; after that the readers stream. In
 * memory are the ids of the items and users, never their rows.
 *
 * @throws {DatasetError} Naming the file, the line and the reason.
 */
export async function readDataset(dir: string): Promise<Dataset> {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) {
    throw new DatasetError(dir, null, 'expected a folder, got none');
  }
  const source = await openSource(dir);
  return { ...source, counts: await checkLines(source) };
}

async function openSource(dir: string): Promise<DatasetSource> {
  if (existsSync(join(dir, 'items.jsonl'))) return openSequenceFolder(dir);
  if (existsSync(join(dir, 'items.csv'))) return openShopFolder(dir);
  throw new DatasetError(dir, null, 'expected items.jsonl or items.csv in it, got neither');
}

/** Reading is checking: each reader throws at the first bad line. Items first, since histories are checked against them. */
async function checkLines(source: DatasetSource): Promise<DatasetCounts> {
  const items = await addUp(source.items(), () => 1);
  let users = 0;
  const interactions = await addUp(source.sequences(), ({ itemExternalIds }) => {
    users++;
    return itemExternalIds.length;
  });
  return { items, users, interactions };
}

async function addUp<T>(rows: AsyncIterable<T>, amount: (row: T) => number): Promise<number> {
  let sum = 0;
  for await (const row of rows) sum += amount(row);
  return sum;
}
