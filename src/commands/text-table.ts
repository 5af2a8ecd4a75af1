/** Prints rows as text in columns, for people at a terminal. */

export type Cell = string | number | null;

/** @returns A figure with four digits behind the point; a count as a whole number. */
export function formatFigure(value: number): string {
  return Number.isInteger(value) && Math.abs(value) > 1 ? String(value) : value.toFixed(4);
}

/**
 * Puts two blanks between columns, aligns numbers right and texts left, and prints null as a dash.
 *
 * @param header - One name per column.
 */
export function formatTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNumeric = header.map((_, column) => rows.every((row) => typeof row[column] !== 'string'));
  const lines = [header, ...rows].map((row) => row.map(textOf));
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (text: string, column: number) =>
    isNumeric[column] ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

function textOf(cell: Cell): string {
  return cell === null ? '–' : oneLine(String(cell));
}

/** @returns The text with blanks for control characters: a title or a name must not break the line, nor steer the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
