/**
 * Collaborative features beside the text features, so that items that are bought near one another get codes that begin alike.
 *
 * A cold item has no collaborative features; they are predicted from its text. Source of the idea: LETTER (Wang et al., 2024).
 * There a loss aligns both; here the features are joined before the codebooks are made.
 */
import type { HostTensor } from '../compute/device';
import { multiplyTransposed, transpose } from '../math/host-matrix';
import { Rows } from '../math/rows';

/**
 * Learns to predict an item's collaborative features from its text features, by least squares.
 *
 * @param text - Whitened, so that its columns are uncorrelated and of variance 1; float32 `[N, F]`.
 * @param collaborative - float32 `[N, C]`.
 * @returns float32 `[C, F]`: features = map · text.
 */
export function fitCollaborativeMap(text: Float32Array, collaborative: Float32Array, numItems: number): Float32Array {
  const [textSize, size] = [text.length / numItems, collaborative.length / numItems];
  const map = new Float64Array(size * textSize);
  multiplyTransposed(transpose(collaborative, numItems), transpose(text, numItems), numItems, map);
  return Float32Array.from(map, (sum) => sum / numItems);
}

/**
 * Joins text and collaborative features as directions of equal weight.
 *
 * @param text - float32 `[N, F]`.
 * @param collaborative - float32 `[N, C]`; a row of zeros is predicted from the text; null: all rows are.
 * @param map - From `fitCollaborativeMap`.
 * @returns float32 `[N, F + C]`; both parts of a row have length √F, so that a text column has a variance of about 1.
 */
export function joinFeatures(
  text: Float32Array,
  textSize: number,
  collaborative: Float32Array | null,
  map: Float32Array,
): Float32Array {
  const size = map.length / textSize;
  const texts = new Rows(text, textSize);
  const given = collaborative && new Rows(collaborative, size);
  const predicted = new Rows(new Float64Array(texts.count * size), size);
  multiplyTransposed(text, map, textSize, predicted.values);
  const joined = new Rows(new Float32Array(texts.count * (textSize + size)), textSize + size);
  for (let row = 0; row < texts.count; row++) {
    const own = given?.row(row);
    const second = own?.some((x) => x !== 0) ? own : predicted.row(row);
    joined.row(row).set(ofLength(texts.row(row), Math.sqrt(textSize)));
    joined.row(row).set(ofLength(second, Math.sqrt(textSize)), textSize);
  }
  return joined.values;
}

/** @returns What a tokenizer reads: the text features, joined with the collaborative ones if it has a map. */
export function featuresOf(
  text: Float32Array,
  collaborative: Float32Array | null,
  map: HostTensor | null,
): Float32Array {
  return map === null ? text : joinFeatures(text, map.shape[1], collaborative, map.data as Float32Array);
}

function ofLength(vector: Float32Array | Float64Array, length: number): Float32Array {
  const scale = length / Math.max(Math.hypot(...vector), 1e-9);
  return Float32Array.from(vector, (x) => x * scale);
}
