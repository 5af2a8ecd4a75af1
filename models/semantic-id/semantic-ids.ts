/** The semantic ID as a value: its type and its printed form. */

/** Codes coarse to fine; the last is the collision token, which tells apart items whose codes are equal. */
export type SemanticId = readonly number[];

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Prints `<a_12><b_24><c_52><d_0>`, with a letter per level, so that equal codes of two levels differ.
 *
 * @throws {RangeError} When there are more entries than letters.
 */
export function printSemanticId(id: SemanticId): string {
  if (id.length > LETTERS.length) {
    throw new RangeError(`printSemanticId: expected at most ${LETTERS.length} entries, got ${id.length}`);
  }
  return id.map((code, level) => `<${LETTERS[level]}_${code}>`).join('');
}
