/** Finds the items whose texts lie nearest to a text. */
import { ROWS_A_READ, type RowSource } from '../math/rows';
import { rankTopK } from '../math/top-k';

/**
 * Compares texts as the sentence encoder does, in whose space a word lies near the texts about it: whitened, all that it does not say would
 * count as much. So each component weighs as much again as texts vary along it.
 *
 * @param direction - Of the text, whitened; float32 `[F]`.
 * @param variances - Of each component; float32 `[F]`.
 * @param table - Whitened directions of the items' texts, with a row 0 of no item; float32 `[N + 1, F]`.
 * @param isLive - Whether an item row, counted without row 0, may be found.
 * @returns Item rows by their cosine, the nearest first, `size` of them if there are so many.
 */
export function nearestTexts(
  { direction, variances }: { readonly direction: Float32Array; readonly variances: Float32Array },
  table: RowSource,
  isLive: (row: number) => boolean,
  size: number,
): number[] {
  const { count, dims } = table;
  const query = direction.map((x, d) => x * variances[d]);
  const cosines = new Float32Array(count - 1);
  for (let begin = 1; begin < count; begin += ROWS_A_READ) {
    const rows = table.slice(begin, Math.min(begin + ROWS_A_READ, count));
    for (let at = 0, row = begin - 1; at < rows.length; at += dims, row++) {
      let [product, squares] = [0, 0];
      for (let d = 0; d < dims; d++) {
        const x = rows[at + d];
        product += query[d] * x;
        squares += variances[d] * x * x;
      }
      cosines[row] = squares === 0 ? -Infinity : product / Math.sqrt(squares);
    }
  }
  return rankTopK(cosines, size, (row) => isLive(row) && cosines[row] > -Infinity);
}
