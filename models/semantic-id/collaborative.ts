/**
 * Collaborative features beside the text's: items that are bought near one another get codes that begin alike.
 *
 * An item that nobody has bought yet has none; what its text foretells stands in for it. Source of the idea: LETTER (Wang et
 * al., 2024); here the features are joined before the codebooks are made instead of aligned by a loss.
 */
import type { HostTensor } from '../compute/device';
import { multiplyTransposed, transpose } from '../math/host-matrix';
import { Rows } from '../math/rows';

/**
 * Learns to tell an item's collaborative features from its text's, by least squares.
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
 * Puts both beside one another, as directions of equal weight.
 *
 * @param text - float32 `[N, F]`.
 * @param collaborative - float32 `[N, C]`; a row of zeros, or null for all, is foretold from the text.
 * @param map - From `fitCollaborativeMap`.
 * @returns float32 `[N, F + C]`; each half of a row has length √F, so that a column of the text's has variance about 1.
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

/** @returns What a tokenizer reads: the text's features, and where it has a map the collaborative ones joined to them. */
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
