/**
 * Sorts semantic IDs. The rows of one first code are sorted, and used, before those of the next: so what is read again and again stays
 * in the processor's caches, whatever the size of the catalogue.
 */

interface Table {
  readonly idLength: number;
  /** Codes per level, K. */
  readonly codebookSize: number;
  /** int32 `[N, idLength]`. */
  readonly codes: Int32Array;
}

/** Few rows are sorted by insertion, and many by the engine. */
const FEW = 16;

/** @returns For each first code that IDs have, ascending, the numbers of its rows in ascending order of codes. */
export function* sortedBranches(table: Table): Generator<Int32Array> {
  const { idLength, codes } = table;
  const all = new Int32Array(codes.length / idLength);
  // Filled by a loop: `from` with a function takes a tenth of a second for a million rows.
  for (let row = 0; row < all.length; row++) all[row] = row;
  const order = sortedByLevel(table, 0, all);
  for (let low = 0, high = 0; low < order.length; low = high) {
    high = endOfRun(table, 0, order, low);
    yield sortedBranch(table, order.subarray(low, high));
  }
}

/** Sorts by counting on the second code, which hardly leaves two rows together, and by comparing on the others. */
function sortedBranch(table: Table, rows: Int32Array): Int32Array {
  const order = sortedByLevel(table, 1, rows);
  for (let low = 0, high = 0; low < order.length; low = high) {
    high = endOfRun(table, 1, order, low);
    if (high - low > 1) sortRun(table, order, low, high);
  }
  return order;
}

/** @returns A sorted copy; rows with one code stay in their order. */
function sortedByLevel({ idLength, codebookSize, codes }: Table, level: number, rows: Int32Array): Int32Array {
  const next = new Int32Array(codebookSize + 1);
  for (let i = 0; i < rows.length; i++) next[codes[rows[i] * idLength + level] + 1]++;
  for (let code = 0; code < codebookSize; code++) next[code + 1] += next[code];
  const order = new Int32Array(rows.length);
  for (let i = 0; i < rows.length; i++) order[next[codes[rows[i] * idLength + level]]++] = rows[i];
  return order;
}

/** @returns Where the rows with the code of row `low` end. */
function endOfRun({ idLength, codes }: Table, level: number, order: Int32Array, low: number): number {
  const code = codes[order[low] * idLength + level];
  let high = low + 1;
  while (high < order.length && codes[order[high] * idLength + level] === code) high++;
  return high;
}

/** Sorts rows whose first two codes are equal. */
function sortRun(table: Table, order: Int32Array, low: number, high: number): void {
  if (high - low > FEW) {
    order.subarray(low, high).sort((a, b) => compare(table, a, b));
    return;
  }
  for (let i = low + 1; i < high; i++) {
    const row = order[i];
    let at = i;
    while (at > low && compare(table, order[at - 1], row) > 0) order[at] = order[--at];
    order[at] = row;
  }
}

function compare({ idLength, codes }: Table, a: number, b: number): number {
  for (let level = 2; level < idLength; level++) {
    const difference = codes[a * idLength + level] - codes[b * idLength + level];
    if (difference !== 0) return difference;
  }
  return 0;
}
