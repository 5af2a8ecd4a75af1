/**
 * Codes as text that sorts as the codes do: four digits for each code, with dots between them. Keys of equal length sort so
 * in every database, and all keys below a prefix are one range.
 */

/** Digits of one code. */
export const DIGITS = 4;
const LARGEST_CODE = 10 ** DIGITS - 1;

/** Bounds of a range of keys, both included. */
export interface KeyRange {
  readonly gte: string;
  readonly lte: string;
}

/** @throws {RangeError} When a code is not a whole number from 0 to 9,999. */
export function codesKey(codes: readonly number[]): string {
  if (!codes.every(isCode))
    throw new RangeError(`codes: expected whole numbers from 0 to 9,999, got [${codes.join(', ')}]`);
  return codes.map((code) => String(code).padStart(DIGITS, '0')).join('.');
}

export function codesOfKey(key: string): number[] {
  return key === '' ? [] : key.split('.').map(Number);
}

/** @returns The place in a key where the level's code begins, counted from 1 as databases do. */
export function firstDigitOf(level: number): number {
  return level * (DIGITS + 1) + 1;
}

/** @returns How many codes the key has. */
export function levelOfKey(key: string): number {
  return key === '' ? 0 : (key.length + 1) / (DIGITS + 1);
}

/** @returns The key of the first `level` codes; the root's is empty. */
export function prefixOfKey(key: string, level: number): string {
  return key.slice(0, Math.max(0, level * (DIGITS + 1) - 1));
}

/**
 * @param idLength - How many codes the wanted keys have.
 * @returns The range of those that begin with `prefix`.
 */
export function keysUnder(prefix: readonly number[], idLength: number): KeyRange {
  const rest = Array.from({ length: idLength - prefix.length });
  return {
    gte: codesKey([...prefix, ...rest.map(() => 0)]),
    lte: codesKey([...prefix, ...rest.map(() => LARGEST_CODE)]),
  };
}

export function isCode(code: number): boolean {
  return Number.isInteger(code) && code >= 0 && code <= LARGEST_CODE;
}
