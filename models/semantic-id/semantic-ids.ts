/** The semantic ID as a value: its type, its printed form, its order. */

/** Codes coarse to fine; the last is the collision token, which tells apart items whose codes are equal. */
export type SemanticId = readonly number[];

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Prints `<a_12><b_24><c_52><d_0>`: a letter a level, so that equal codes of two levels differ.
 *
 * @throws {RangeError} When there are more entries than letters.
 */
export function printSemanticId(id: SemanticId): string {
  if (id.length > LETTERS.length) {
    throw new RangeError(`printSemanticId: expected at most ${LETTERS.length} entries, got ${id.length}`);
  }
  return id.map((code, level) => `<${LETTERS[level]}_${code}>`).join('');
}

/**
 * Reads what `printSemanticId` wrote.
 *
 * @throws {SyntaxError} When an entry is malformed or its letter is not its level's; the message says which.
 */
export function parseSemanticId(text: string): SemanticId {
  const entries = text.match(/<[^<>]*>/g) ?? [];
  if (entries.length === 0 || entries.join('') !== text) {
    throw new SyntaxError(`parseSemanticId: expected entries such as <a_12><b_3>, got ${JSON.stringify(text)}`);
  }
  return entries.map((entry, level) => {
    const digits = /^<([a-z])_(0|[1-9]\d{0,8})>$/.exec(entry);
    if (digits === null || digits[1] !== LETTERS[level]) {
      throw new SyntaxError(
        `parseSemanticId: expected <${LETTERS[level] ?? '?'}_CODE> at level ${level}, got ${entry}`,
      );
    }
    return Number(digits[2]);
  });
}

/** Orders by the first code that differs; a prefix comes before what it begins. */
export function compareSemanticIds(a: SemanticId, b: SemanticId): number {
  const shared = Math.min(a.length, b.length);
  for (let level = 0; level < shared; level++) {
    if (a[level] !== b[level]) return a[level] - b[level];
  }
  return a.length - b.length;
}
