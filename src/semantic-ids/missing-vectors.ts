/** Items without a vector, beside items that have one: whether the built-in text encoder can make what is missing. */
import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../models/text/sentence-encoder';

export interface VectorCount {
  readonly items: number;
  /** Items that have no vector. */
  readonly missing: number;
  /** Id of the first of them; null: none is missing. */
  readonly firstMissing: string | null;
  /** Width of the vectors. */
  readonly dims: number;
  /** The encoders of the vectors that there are; none: no item has one. */
  readonly encoders: ReadonlySet<string>;
}

/**
 * Numbers of two encoders cannot be compared, so the built-in encoder completes only what it began.
 *
 * @returns What was expected and what came; null when every item has a vector, or can get one from its text.
 */
export function missingVectorsFault({ items, missing, firstMissing, dims, encoders }: VectorCount): string | null {
  const isCompletable = encoders.size === 0 || encoders.has(SENTENCE_ENCODER);
  if (missing === 0 || (isCompletable && dims === SENTENCE_DIMS)) return null;
  return (
    `vectors: expected one for each item, got none for ${missing} of ${items} items, first for ${firstMissing}; the built-in text ` +
    `encoder cannot make them, since its vectors are not comparable with the others (${dims} numbers of another encoder); ` +
    'give these items vectors too, or give none to any item'
  );
}
