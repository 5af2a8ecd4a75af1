/** Reads Parquet files row group by row group, with the columns that a caller needs: what DuckDB, Spark or pandas write. */
import type { AsyncBuffer, FileMetaData } from 'hyparquet';

import { DatasetError } from './dataset';
import { openDatasetFile, unreadable } from './dataset-files';

export const PARQUET = '.parquet';

export interface ParquetRow {
  /** Counted from 1. */
  readonly number: number;
  /** Only the columns that were asked for; times are ISO texts, and whole numbers are numbers. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** @throws {DatasetError} When the file cannot be read, or is no Parquet. */
export async function countParquetRows(file: string): Promise<number> {
  return withParquet(file, ({ metadata }) => Promise.resolve(Number(metadata.num_rows)));
}

/**
 * Streams the rows. One row group at a time is in memory.
 *
 * @param columns - Those that the file lacks are undefined.
 * @throws {DatasetError} When the file cannot be read, or is no Parquet.
 */
export async function* readParquet(file: string, columns: readonly string[]): AsyncGenerator<ParquetRow> {
  let rowStart = 0;
  for (let group = 0; ; group++) {
    const rows = await withParquet(file, (opened) => readGroup(opened, columns, group, rowStart));
    if (rows === null) return;
    for (const [i, row] of rows.entries()) yield { number: rowStart + i + 1, value: plain(row) };
    rowStart += rows.length;
  }
}

interface OpenParquet {
  readonly buffer: AsyncBuffer;
  readonly metadata: FileMetaData;
}

/** Opens the file for one piece of work: a caller that stops in the middle leaves nothing open. */
async function withParquet<T>(file: string, work: (opened: OpenParquet) => Promise<T>): Promise<T> {
  const { parquetMetadataAsync } = await import('hyparquet');
  const handle = await openDatasetFile(file);
  try {
    const buffer: AsyncBuffer = {
      byteLength: (await handle.stat()).size,
      slice: async (start, end = buffer.byteLength) => {
        const bytes = Buffer.alloc(end - start);
        await handle.read(bytes, 0, bytes.length, start);
        return bytes.buffer;
      },
    };
    return await work({ buffer, metadata: await parquetMetadataAsync(buffer) });
  } catch (error) {
    throw parquetFault(file, error);
  } finally {
    await handle.close();
  }
}

/** @returns The rows of a group; null after the last. */
async function readGroup(
  { buffer: file, metadata }: OpenParquet,
  columns: readonly string[],
  group: number,
  rowStart: number,
): Promise<Record<string, unknown>[] | null> {
  if (group === metadata.row_groups.length) return null;
  const { parquetReadObjects, parquetSchema } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const present = parquetSchema(metadata).children.map(({ element }) => element.name);
  const rowEnd = rowStart + Number(metadata.row_groups[group].num_rows);
  const wanted = columns.filter((column) => present.includes(column));
  if (wanted.length === 0) return Array.from({ length: rowEnd - rowStart }, () => ({}));
  return parquetReadObjects({ file, metadata, columns: wanted, rowStart, rowEnd, compressors });
}

function plain(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}

/** The library's own errors say what is wrong with the bytes. */
function parquetFault(file: string, error: unknown): unknown {
  const fault = unreadable(file, error);
  if (!(fault instanceof Error) || fault instanceof DatasetError) return fault;
  return new DatasetError(file, null, `expected a Parquet file, got another or a broken one: ${fault.message}`);
}
