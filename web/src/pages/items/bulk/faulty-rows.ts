/** A file of the rows with a fault, as they stood in the source, so that somebody mends them and brings them again. */
import Papa from 'papaparse';

/**
 * @param faults - By the line at which the row begins.
 * @returns CSV with the head line, or JSON lines. Each row has one more column, or field: `problem`.
 */
export function faultyRows(text: string, faults: ReadonlyMap<number, string>): string {
  const lines = text.split(/\r\n|\r|\n/);
  const isJson = /^\s*\{/.test(text);
  const rows = [...faults].sort(([one], [other]) => one - other);
  if (isJson) return rows.map(([line, problem]) => `${withProblem(lines[line - 1], problem)}\n`).join('');
  const { data, meta } = Papa.parse<string[]>(text, { preview: 1, skipEmptyLines: 'greedy' });
  const { delimiter } = meta;
  const write = (cells: readonly string[]) => Papa.unparse([[...cells]], { delimiter });
  const below = rows.filter(([line]) => line > 1 && line <= lines.length);
  const written = below.map(([line, problem]) => write([...cellsFrom(lines, line, delimiter), problem]));
  return [write([...(data[0] ?? []), 'problem']), ...written, ''].join('\n');
}

function withProblem(line: string, problem: string): string {
  try {
    return JSON.stringify({ ...(JSON.parse(line) as object), problem });
  } catch {
    return line;
  }
}

/** Cells may go over several lines. */
function cellsFrom(lines: readonly string[], line: number, delimiter: string): readonly string[] {
  const text = lines.slice(line - 1).join('\n');
  return Papa.parse<string[]>(text, { delimiter, preview: 1 }).data[0] ?? [];
}
