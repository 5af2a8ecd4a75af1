/** Entries of a log that come from one deed in many calls, such as an import: people read them as one line. */

/** Between two calls of one deed; a server that is busy takes its time. */
const MOST_MS_BETWEEN = 60_000;

/**
 * @param rows - Newest first.
 * @param atOf - When a row was written.
 * @param kindOf - Rows of one kind may be of one deed; null: a row is one by itself.
 * @returns Rows that follow each other closely and are of one kind, together; newest first.
 */
export function runsOf<T>(
  rows: readonly T[],
  atOf: (row: T) => string,
  kindOf: (row: T) => string | null,
): readonly (readonly [T, ...T[]])[] {
  const runs: [T, ...T[]][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    const before = last?.at(-1);
    const isAlike = before !== undefined && kindOf(row) !== null && kindOf(before) === kindOf(row);
    if (isAlike && Date.parse(atOf(before)) - Date.parse(atOf(row)) <= MOST_MS_BETWEEN) last!.push(row);
    else runs.push([row]);
  }
  return runs;
}
