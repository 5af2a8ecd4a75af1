/**
 * Rounds a table of floats to 8 bits: a quarter of the memory, and a product with one row reads that much less. Each block of a row has a
 * scale of its own, so a long row does not make a short one coarse.
 */
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

/** @param table - float32 `[rows, width]`. */
export function eightBitTable(table: Float32Array, width: number): EightBitTable {
  const blocks = Math.ceil(width / BLOCK_SIZE);
  const numRows = table.length / width;
  const values = new Uint8Array(numRows * blocks * BLOCK_SIZE).fill(ZERO);
  const scales = new Float32Array(numRows * blocks);
  for (let at = 0; at < scales.length; at++) {
    const row = Math.floor(at / blocks);
    const begin = row * width + (at % blocks) * BLOCK_SIZE;
    const end = Math.min(begin + BLOCK_SIZE, (row + 1) * width);
    scales[at] = writeBlock(table, begin, end, values, at * BLOCK_SIZE);
  }
  return { values, scales, blockSize: BLOCK_SIZE };
}

/** Views of each block would take longer than the rest. @returns The scale of the block. */
function writeBlock(table: Float32Array, begin: number, end: number, values: Uint8Array, to: number): number {
  let largest = 0;
  for (let i = begin; i < end; i++) largest = Math.max(largest, Math.abs(table[i]));
  if (largest === 0) return 0;
  const steps = LARGEST / largest;
  // What is stored is cut off, so .5 rounds it.
  for (let i = begin; i < end; i++) values[to + i - begin] = table[i] * steps + ZERO + 0.5;
  return largest / LARGEST;
}
