/** Items that come through a stream, such as standard input. They are kept on the disk: a dataset is read twice, checked first. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { type Dataset, DatasetError, type ReadOptions } from './dataset';
import { readLines } from './dataset-files';
import { readDataset } from './read-dataset';

/**
 * Reads items, as CSV with a head line or as JSON lines, and gives them to `work` as a dataset without events.
 *
 * @throws {DatasetError} As `readDataset`, with the name of the stream in place of a file's.
 */
export async function withSpooledItems<T>(
  stream: NodeJS.ReadableStream,
  name: string,
  options: ReadOptions,
  work: (dataset: Dataset) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-items-'));
  try {
    const file = join(dir, 'items');
    await pipeline(stream, createWriteStream(file), { signal: options.signal });
    await rename(file, `${file}.${(await isJson(file)) ? 'jsonl' : 'csv'}`);
    return await work(await readDataset(dir, options));
  } catch (error) {
    throw error instanceof DatasetError ? new DatasetError(name, error.line, error.reason) : error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function isJson(file: string): Promise<boolean> {
  for await (const { text } of readLines(file)) return text.startsWith('{');
  return false;
}
