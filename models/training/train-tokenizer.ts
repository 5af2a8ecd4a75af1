/** Learns a whole tokenizer from text vectors: whitening, then an RQ-VAE. */
import { ShapeError } from '../compute/errors';
import { groupBy } from '../math/arrays';
import { Rows } from '../math/rows';
import { codebookUse, type LevelUse } from '../semantic-id/codebook-use';
import { exemplarsOf, joinFeatures } from '../semantic-id/collaborative';
import { Tokenizer } from '../semantic-id/tokenizer';
import { blankWhitening, type PrincipalAxes, whiten, type Whitening, whiteningBy } from '../text/whitening';
import { trainRqvae, type TrainRqvaeOptions } from './train-rqvae';

/** A warning is given when a level uses less than this share of the codes that it could use. */
const MIN_SHARE = 0.5;
/** A warning is given when codes are used so unevenly that less than this share of them would tell as much. */
const MIN_EVEN_SHARE = 0.25;

export interface TrainTokenizerOptions extends Omit<TrainRqvaeOptions, 'features' | 'featureSize'> {
  /** Text vectors, one per item; float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly dims: number;
  /** Principal axes of the vectors; null: they are all equal. */
  readonly axes: PrincipalAxes | null;
  /** float32 `[N, C]`; null: the tokenizer reads text alone. */
  readonly collaborative: Float32Array | null;
  /** Called with what the user should know: a level of which few codes are used. */
  readonly onWarning: (message: string) => void;
}

export interface LearnedTokenizer {
  readonly tokenizer: Tokenizer;
  /** Codes of the items that it learned from; int32 `[N, L]`. */
  readonly codes: Int32Array;
}

/**
 * Learns a tokenizer. From vectors that are all equal it learns nothing: then it reads the collaborative features alone.
 *
 * @throws {ShapeError} When a vector has numbers that are not finite, or all vectors are equal and so are all collaborative features.
 * @throws The signal's reason when it is aborted.
 */
export async function trainTokenizer(options: TrainTokenizerOptions): Promise<LearnedTokenizer> {
  const { config, vectors, dims, collaborative, onWarning } = options;
  const whitening = whiteningOf(options);
  const text = whiten(whitening, vectors);
  const numItems = vectors.length / dims;
  const exemplars = collaborative && exemplarsOf(text, collaborative, numItems);
  const features = joinFeatures(text, text.length / numItems, collaborative, exemplars);
  const { encoder, codebooks } = await trainRqvae({
    ...options,
    features,
    featureSize: features.length / numItems,
  });
  const tokenizer = new Tokenizer({ whitening, exemplars, encoder, codebooks });
  const codes = tokenizer.codesOf(features);
  const ids = new Rows(codes, config.numLevels).all();
  for (const use of codebookUse(ids, config)) warnOfLowUse(use, alikeBefore(ids, use.level), onWarning);
  return { tokenizer, codes };
}

function whiteningOf({ vectors, dims, axes, collaborative, config }: TrainTokenizerOptions): Whitening {
  if (axes !== null) return whiteningBy(axes, config.featureSize);
  if (collaborative?.some((x) => x !== 0)) return blankWhitening(dims, config.featureSize);
  throw new ShapeError(
    `vectors: expected rows that differ, got ${vectors.length / dims} equal rows; items need titles, brands or categories that tell ` +
      'them apart, or vectors of your own, or a preset that also reads what is bought together (demo or base)',
  );
}

/** @param numItems - Items that the level has to tell apart: the others need no codes of it, as in a catalogue of a dozen items. */
function warnOfLowUse(use: LevelUse, numItems: number, onWarning: (message: string) => void): void {
  const { level, size, usedCodes, perplexity } = use;
  const usable = Math.min(size, numItems);
  if (usedCodes >= MIN_SHARE * usable && perplexity >= MIN_EVEN_SHARE * usable) return;
  const percent = Math.round((100 * usedCodes) / usable);
  onWarning(
    `codebook level ${level}: ${usedCodes} of ${size} codes are used, ${percent} % of those that could be; ` +
      `they tell items apart no better than ${perplexity.toFixed(1)} codes that are used equally often`,
  );
}

/** @returns How many items have the same codes before the level as another item; before the coarsest level, all have. */
function alikeBefore(ids: readonly ArrayLike<number>[], level: number): number {
  const groups = groupBy(ids, (codes) => Array.from(codes).slice(0, level).join('.'));
  return [...groups.values()].reduce((sum, { length }) => (length > 1 ? sum + length : sum), 0);
}
