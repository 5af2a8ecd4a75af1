/** Reads CSV files, plain or gzipped, row by row, with the columns that a caller needs. */
import { pipeline } from 'node:stream';

import { CsvError, type Options, parse, type Parser } from 'csv-parse';

import { DatasetError } from './dataset';
import { decodeUtf8, readBytes, unreadable } from './dataset-files';

/** The cells of a row by their columns; undefined where the file has no such column. */
type Cells<Column extends string> = Readonly<Record<Column, string> & Record<string, string | undefined>>;

export interface CsvRow<Column extends string> {
  readonly values: Cells<Column>;
  /** The line on which the row ends, counted from 1. */
  readonly line: number;
}

/**
 * Streams the rows below the header. Its cells are separated by comma, semicolon or tab, whichever it has most of; names in small or
 * capital letters are the same. A file may have other columns than those named.
 *
 * @param columns - The first one has ids, so none of its cells may be empty.
 * @param optional - Columns that the file may lack.
 * @throws {DatasetError} When the file cannot be read, lacks a column, has one twice, or has a malformed row.
 */
export async function* readCsv<Column extends string>(
  file: string,
  columns: readonly Column[],
  optional: readonly string[] = [],
): AsyncGenerator<CsvRow<Column>> {
  try {
    const onHeader = (header: string[]) => columnNames(file, header, columns, optional);
    const rows: AsyncIterable<CsvRow<Column>> = openParser(file, await delimiterOf(file), onHeader);
    for await (const row of rows) {
      if (row.values[columns[0]] === '') {
        throw new DatasetError(file, row.line, `${columns[0]}: expected an id, got an empty cell`);
      }
      yield row;
    }
  } catch (error) {
    throw error instanceof CsvError ? csvFault(file, error) : unreadable(file, error);
  }
}

function csvFault(file: string, { message, lines }: CsvError): DatasetError {
  const advice = 'a cell with a separator or a quote in it stands in quotes, and each quote in it is written twice';
  return new DatasetError(file, Number(lines), `${message}; ${advice}`);
}

const DELIMITERS = [',', ';', '\t'];

/** @returns The delimiter that the header has most often outside quotes. */
async function delimiterOf(file: string): Promise<string> {
  const header = (await firstLineOf(file)).replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/** @returns The names of the columns in small letters. @throws {DatasetError} When the file cannot be read. */
export async function headerOf(file: string): Promise<string[]> {
  const line = await firstLineOf(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  return line.split(/[,;\t]/).map((name) => name.replace(/^[\s\uFEFF"]+|[\s"]+$/g, '').toLowerCase());
}

async function firstLineOf(file: string): Promise<string> {
  for await (const text of decodeUtf8(file, readBytes(file))) return text.trimStart().split(/[\r\n]/, 1)[0];
  return '';
}

/** Much more than a row needs: after a quote that is not closed, the whole file is one row, which may not fit into memory. */
const MAX_ROW_BYTES = 16_000_000;
/** A header that was put before a table by hand may end otherwise than the rows. */
const LINE_ENDS = ['\r\n', '\n', '\r'];

/** Tools that separate by tabs often quote nothing, so that 12" is what it says. With `trim`, the parser would refuse "Heroes" LP. */
const BARE_QUOTES: Options = {
  relax_quotes: true,
  cast: (cell, { quoting }) => (quoting ? cell : cell.trim()),
};

function openParser(file: string, delimiter: string, columns: (header: string[]) => string[]): Parser {
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: LINE_ENDS,
    max_record_size: MAX_ROW_BYTES,
    ...(delimiter === '\t' ? BARE_QUOTES : { trim: true }),
    skip_empty_lines: true,
    columns,
    on_record: (values: unknown, { lines }) => ({ values, line: lines }),
  });
  // An error in the file or the unzipping ends the parser too, so the loop over the parser throws it.
  return pipeline(decodeUtf8(file, readBytes(file)), parser, () => undefined);
}

/** @returns The names as a reader asks for them. */
function columnNames(
  file: string,
  header: readonly string[],
  columns: readonly string[],
  optional: readonly string[],
): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = columns.find((column) => !names.includes(column));
  if (missing !== undefined) {
    const got = `${header.join(',')} without ${missing}`;
    throw new DatasetError(file, 1, `expected the columns ${columns.join(',')}, got ${got}`);
  }
  const repeated = [...columns, ...optional].find((column) => names.indexOf(column) < names.lastIndexOf(column));
  if (repeated === undefined) return names;
  throw new DatasetError(file, 1, `expected one column ${repeated}, got several; rename or remove the others`);
}
