/**
 * The item vectors beside a dataset: `<stem>.json` describes `<stem>.<dtype>.bin`, rows in the order of the items.
 *
 * dtype `int8`: value = int8 × scale. dtype `float32`: little-endian, as it is.
 */
import { existsSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { normaliseRows } from '../../models/text/sentence-encoder';
import { GIVEN_ENCODER } from '../semantic-ids/text-encoder';
import { DatasetError, type VectorsInfo } from './dataset';

const STEMS = ['vectors', 'text-vectors'];
const ROWS_A_READ = 512;
const BYTES = { int8: 1, float32: 4 };

const headerSchema = z.object({
  rows: z.int().positive(),
  dims: z.int().positive().max(8192),
  dtype: z.enum(['int8', 'float32']),
  encoder: z.string().min(1).optional(),
});

export interface VectorFile extends VectorsInfo {
  readonly file: string;
  readonly rows: number;
  /** Unit vectors, float32 `[dims]` each, from the first row on. */
  read(): AsyncGenerator<Float32Array>;
}

/**
 * @returns Null when the folder has no vectors.
 * @throws {DatasetError} When the description is malformed or the file's size is not rows × dims.
 */
export async function openVectors(dir: string): Promise<VectorFile | null> {
  const stem = STEMS.find((name) => existsSync(join(dir, `${name}.json`)));
  if (stem === undefined) return null;
  const { rows, dims, dtype, encoder = GIVEN_ENCODER } = await readHeader(join(dir, `${stem}.json`));
  const file = join(dir, `${stem}.${dtype}.bin`);
  const expected = rows * dims * BYTES[dtype];
  const size = existsSync(file) ? (await stat(file)).size : 0;
  if (size !== expected) {
    throw new DatasetError(file, null, `expected ${rows} rows × ${dims} ${dtype} = ${expected} bytes, got ${size}`);
  }
  return { file, rows, dims, encoder, read: () => readRows(file, dims, dtype) };
}

async function readHeader(file: string): Promise<z.infer<typeof headerSchema>> {
  try {
    return headerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new DatasetError(file, null, reason);
  }
}

async function* readRows(file: string, dims: number, dtype: keyof typeof BYTES): AsyncGenerator<Float32Array> {
  const handle = await open(file);
  const bytesARow = dims * BYTES[dtype];
  let row = 0;
  try {
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(ROWS_A_READ * bytesARow));
      if (bytesRead === 0) return;
      const numbers =
        dtype === 'int8'
          ? new Int8Array(buffer.buffer, 0, bytesRead)
          : new Float32Array(buffer.buffer, 0, bytesRead / 4);
      for (let begin = 0; begin < numbers.length; begin += dims, row++) {
        yield unitVector(Float32Array.from(numbers.subarray(begin, begin + dims)), file, row);
      }
    }
  } finally {
    await handle.close();
  }
}

/** An int8 row's scale falls away here, since length 1 is what counts. */
function unitVector(values: Float32Array, file: string, row: number): Float32Array {
  try {
    return normaliseRows(values, values.length);
  } catch {
    throw new DatasetError(file, row + 1, 'expected finite numbers that are not all zero in this row');
  }
}
