/** Opens a dataset folder of either layout, and checks every line before anything uses it. */
import { readdir } from 'node:fs/promises';

import { fileFault } from '../files/file-fault';
import {
  type Dataset,
  type DatasetCounts,
  DatasetError,
  type DatasetSequence,
  type DatasetSource,
  type ReadOptions,
} from './dataset';
import { oneOf, orGzipped } from './dataset-files';
import { DistinctTexts } from './distinct-texts';
import { PARQUET } from './parquet';
import { openSequenceFolder } from './sequence-folder';
import { openShopFolder } from './shop-folder';

/**
 * Reads a dataset: `items.jsonl` with `sequences.txt`, or `items.csv` with `events.csv`; each file may be gzipped.
 *
 * It reads and checks every line once, so that nobody imports half a dataset. The readers of the result then read the files again.
 * It holds the ids of items and users in memory, and the histories where one event stands on a line.
 *
 * @throws {DatasetError} With the file, the line and the reason.
 * @throws The signal's reason when it is aborted; so do the readers of the result.
 */
export async function readDataset(dir: string, options: ReadOptions = {}): Promise<Dataset> {
  await checkFolder(dir);
  const { skipped, cut, ...source } = await openSource(dir, options);
  const repeated = new RepeatedEvents();
  const sequences = () => repeated.leaveOut(source.sequences());
  const counts = await checkLines({ ...source, sequences });
  const leftOut = { skipped: skipped(), cut: cut(), merged: repeated.merged };
  return { ...source, sequences, counts, ...leftOut };
}

/** A folder that may not be read would look empty. */
async function checkFolder(dir: string): Promise<void> {
  try {
    await readdir(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const got = code === 'ENOENT' ? 'none' : code === 'ENOTDIR' ? 'a file' : (fileFault(error) ?? code);
    throw new DatasetError(dir, null, `expected a folder, got ${got}`);
  }
}

async function openSource(dir: string, options: ReadOptions): Promise<DatasetSource> {
  const items = oneOf(dir, [...orGzipped('items.jsonl', 'items.csv', 'items.tsv'), `items${PARQUET}`]);
  if (items === null)
    throw new DatasetError(
      dir,
      null,
      'expected items.jsonl, items.csv or items.tsv in this folder, perhaps gzipped (.gz), or items.parquet, got none of them',
    );
  return (/\.(parquet|jsonl(\.gz)?)$/.test(items) ? openSequenceFolder : openShopFolder)(dir, items, options);
}

/** Each reader throws at the first bad line. Items come first, because the check of the histories needs their ids. */
async function checkLines(source: Pick<DatasetSource, 'items' | 'sequences'>): Promise<DatasetCounts> {
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

export class RepeatedEvents {
  /** Events left out in the last reading. */
  merged = 0;

  /**
   * Yields the histories without repeated events: an event is known by its id. Where a dataset does not say what its events are, user,
   * item and time tell one from another. Else an event without an id stays.
   */
  async *leaveOut(sequences: AsyncIterable<DatasetSequence>): AsyncGenerator<DatasetSequence> {
    this.merged = 0;
    const eventIds = new DistinctTexts();
    for await (const sequence of sequences) {
      const kept = firstOfEach(sequence, eventIds);
      this.merged += sequence.times.length - kept.length;
      if (kept.length > 0) yield kept.length === sequence.times.length ? sequence : picked(sequence, kept);
    }
  }
}

/** @returns Positions. */
function firstOfEach({ itemExternalIds, times, events }: DatasetSequence, eventIds: DistinctTexts): number[] {
  let basket = new Set<string>();
  return [...itemExternalIds.keys()].filter((at) => {
    if (at > 0 && times[at] !== times[at - 1]) basket = new Set();
    const [seen, key] = events ? [eventIds, events[at].eventId] : [basket, itemExternalIds[at]];
    if (key === null) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function picked({ userExternalId, itemExternalIds, times, events }: DatasetSequence, at: number[]): DatasetSequence {
  return {
    userExternalId,
    itemExternalIds: at.map((i) => itemExternalIds[i]),
    times: at.map((i) => times[i]),
    ...(events && { events: at.map((i) => events[i]) }),
  };
}
