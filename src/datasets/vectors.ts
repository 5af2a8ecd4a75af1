/**
 * The item vectors of a dataset. `vectors.json` describes `vectors.<dtype>.bin`, which has one row per item, in the order of the items.
 *
 * dtype `int8`: each row has a scale of its own, which does not matter, because rows are scaled to length 1.
 * dtype `float32`: little-endian.
 */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { MAX_EMBEDDING } from '../../graphql/common/limits';
import { Rows } from '../../models/math/rows';
import { normaliseRows } from '../../models/text/sentence-encoder';
import { messageOf } from '../message-of';
import { GIVEN_ENCODER } from '../semantic-ids/code-assigner';
import { checkStorable, issueText } from './check-rows';
import { DatasetError, type VectorsInfo } from './dataset';
import { openDatasetFile } from './dataset-files';
import { countParquetRows, PARQUET, readParquet } from './parquet';

const ROWS_PER_READ = 512;
const BYTES = { int8: 1, float32: 4 };

const headerSchema = z.object({
  rows: z.int().positive(),
  dims: z.int().positive().max(MAX_EMBEDDING),
  dtype: z.enum(['int8', 'float32']),
  encoder: z.string().min(1).optional(),
});

export interface VectorFile extends VectorsInfo {
  readonly file: string;
  readonly rows: number;
  /** Streams unit vectors, float32 `[dims]` each, from the first row. */
  read(): AsyncGenerator<Float32Array>;
}

/**
 * @returns Null when the folder has no vectors.
 * @throws {DatasetError} When the description is malformed, or when the file does not have rows × dims numbers.
 */
export async function openVectors(dir: string): Promise<VectorFile | null> {
  const headerFile = join(dir, 'vectors.json');
  if (!existsSync(headerFile)) return checkNone(dir);
  const { rows, dims, dtype, encoder = GIVEN_ENCODER } = await readHeader(headerFile);
  checkStorable(headerFile, null, { encoder });
  const file = headerFile.replace(/json$/, `${dtype}.bin`);
  const expected = rows * dims * BYTES[dtype];
  const size = existsSync(file) ? (await stat(file)).size : 0;
  if (size !== expected) {
    throw new DatasetError(file, null, `expected ${rows} rows × ${dims} ${dtype} = ${expected} bytes, got ${size}`);
  }
  return { file, rows, dims, encoder, read: () => readRows(file, dims, dtype) };
}

const EMBEDDING = 'embedding';

/**
 * Takes the vectors from the column `embedding` of an items file in Parquet, a list of numbers in each row.
 *
 * @returns Null when the file is another one, or has no such column.
 * @throws {DatasetError} When the file cannot be read.
 */
export async function openEmbeddings(file: string): Promise<VectorFile | null> {
  if (!file.endsWith(PARQUET)) return null;
  const rows = await countParquetRows(file);
  for await (const { value } of readParquet(file, [EMBEDDING])) {
    if (!Array.isArray(value[EMBEDDING])) return null;
    const dims = value[EMBEDDING].length;
    return { file, rows, dims, encoder: GIVEN_ENCODER, read: () => readEmbeddings(file, dims) };
  }
  return null;
}

async function* readEmbeddings(file: string, dims: number): AsyncGenerator<Float32Array> {
  for await (const { number, value } of readParquet(file, [EMBEDDING])) {
    const given = value[EMBEDDING] as readonly number[] | null;
    if (given?.length !== dims)
      throw new DatasetError(file, number, `embedding: expected ${dims} numbers, got ${given?.length ?? 'none'}`);
    yield unitVector(Float32Array.from(given), file, number - 1);
  }
}

/** @throws {DatasetError} When there are vectors that nothing describes: left out, the built-in encoder's would take their place. */
function checkNone(dir: string): null {
  const file = Object.keys(BYTES)
    .map((dtype) => join(dir, `vectors.${dtype}.bin`))
    .find((path) => existsSync(path));
  if (file === undefined) return null;
  throw new DatasetError(
    file,
    null,
    `expected vectors.json beside this file, which says what its numbers are, got none`,
  );
}

async function readHeader(file: string): Promise<z.infer<typeof headerSchema>> {
  const handle = await openDatasetFile(file);
  try {
    return headerSchema.parse(JSON.parse(await handle.readFile('utf8')));
  } catch (error) {
    throw new DatasetError(file, null, headerProblem(error));
  } finally {
    await handle.close();
  }
}

function headerProblem(error: unknown): string {
  if (error instanceof z.ZodError) return issueText(error, 'vectors');
  return `expected one JSON object, got text that is not JSON: ${messageOf(error)}`;
}

async function* readRows(file: string, dims: number, dtype: keyof typeof BYTES): AsyncGenerator<Float32Array> {
  const handle = await openDatasetFile(file);
  const bytesPerRow = dims * BYTES[dtype];
  let row = 0;
  try {
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(ROWS_PER_READ * bytesPerRow));
      if (bytesRead === 0) return;
      const numbers =
        dtype === 'int8'
          ? new Int8Array(buffer.buffer, 0, bytesRead)
          : new Float32Array(buffer.buffer, 0, bytesRead / 4);
      for (const values of new Rows<Int8Array | Float32Array>(numbers, dims).all())
        yield unitVector(Float32Array.from(values), file, row++);
    }
  } finally {
    await handle.close();
  }
}

const UNIT_TOLERANCE = 1e-6;

/** Scales a row to length 1; this also removes the scale of an int8 row. A row of that length keeps its bits. */
function unitVector(values: Float32Array, file: string, row: number): Float32Array {
  if (Math.abs(values.reduce((sum, value) => sum + value * value, 0) - 1) < UNIT_TOLERANCE) return values;
  try {
    return normaliseRows(values, values.length);
  } catch {
    throw new DatasetError(
      file,
      row + 1,
      'expected finite numbers in this row, not all zero; got zeros alone, NaN or infinity',
    );
  }
}
