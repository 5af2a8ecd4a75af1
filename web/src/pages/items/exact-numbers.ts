/**
 * Whole numbers beyond 2^53 are read as a number near by: what was written is lost.
 *
 * @returns Whether a value that was read from JSON has only numbers that are what was written.
 */
export function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}
