/**
 * Rounds a table of floats to 8 bits: a quarter of the memory, and a product with one row reads that much less. Each block of a row has a
 * scale of its own, so a long row does not make a short one coarse.
 */
import { Rows, ROWS_A_READ, type RowSource } from '../../math/rows';

export interface EightBitTable {
  /** The float is `(value - 128) * scale`; each row is filled up to whole blocks; uint8 `[rows, blocks, blockSize]`. */
  readonly values: Uint8Array;
  /** float32 `[rows, blocks]`. */
  readonly scales: Float32Array;
  readonly blockSize: number;
}

/** A divisor of the widths of the presets' tables. With 32 or 128 products are as precise. */
const BLOCK_SIZE = 64;
/** Stands for 0; the runtime takes it when no other is given. */
const ZERO = 128;
const LARGEST = 127;

/** @param tables - Float32; their rows are joined: so a table that is made of several is never in memory as floats. */
export function eightBitTable(tables: readonly RowSource[]): EightBitTable {
  const width = tables.reduce((sum, { dims }) => sum + dims, 0);
  const rows = tables[0].count;
  const blocks = Math.ceil(width / BLOCK_SIZE);
  const values = new Uint8Array(rows * blocks * BLOCK_SIZE);
  const scales = new Float32Array(rows * blocks);
  const row = new Float32Array(blocks * BLOCK_SIZE); // what no table fills stays 0
  let read: Rows[] = [];
  for (let at = 0; at < scales.length; at++) {
    const [index, block] = [Math.floor(at / blocks), at % blocks];
    if (block === 0) {
      if (index % ROWS_A_READ === 0)
        read = tables.map((table) => new Rows(table.slice(index, index + ROWS_A_READ), table.dims));
      joinRow(read, index % ROWS_A_READ, row);
    }
    scales[at] = writeBlock(row, block * BLOCK_SIZE, values, at * BLOCK_SIZE);
  }
  return { values, scales, blockSize: BLOCK_SIZE };
}

/** Copies number by number, since a view of each row would take longer. */
function joinRow(tables: readonly Rows[], row: number, to: Float32Array): void {
  let end = 0;
  for (const { values, dims } of tables) {
    for (let i = row * dims; i < (row + 1) * dims; i++) to[end++] = values[i];
  }
}

/** @returns The scale of the block. */
function writeBlock(row: Float32Array, begin: number, values: Uint8Array, to: number): number {
  let largest = 0;
  for (let i = begin; i < begin + BLOCK_SIZE; i++) largest = Math.max(largest, Math.abs(row[i]));
  const steps = largest === 0 ? 0 : LARGEST / largest;
  // What is stored is cut off, so .5 rounds it.
  for (let i = 0; i < BLOCK_SIZE; i++) values[to + i] = row[begin + i] * steps + ZERO + 0.5;
  return largest / LARGEST;
}
