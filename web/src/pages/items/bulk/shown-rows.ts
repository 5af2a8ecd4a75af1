import type { ParsedRow } from './parse-items';

/** @returns At most `most` rows: those with a fault first, in the order of the file, then the first of the others. */
export function shownRows(
  rows: readonly ParsedRow[],
  faulty: readonly ParsedRow[],
  most: number,
): readonly ParsedRow[] {
  const lines = new Set(faulty.map(({ line }) => line));
  const others = rows.slice(0, most).filter(({ line, error }) => error === null && !lines.has(line));
  return [...[...faulty].sort((one, other) => one.line - other.line), ...others].slice(0, most);
}
