/** Reads CSV files, plain or gzipped, row by row, with the columns that a caller needs. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { CsvError, parse, type Parser } from 'csv-parse';

import { DatasetError } from './dataset';
import { unreadable } from './lines';

export interface CsvRow<Column extends string> {
  readonly values: Readonly<Record<Column, string>>;
  /** The line on which the row ends, counted from 1. */
  readonly line: number;
}

interface ParsedRow<Column extends string> {
  readonly record: Record<Column, string>;
  readonly info: { readonly lines: number };
}

/**
 * Streams the rows below the header. Other columns than `columns` are ignored.
 *
 * @param columns - The first one has ids, so none of its cells may be empty.
 * @throws {DatasetError} When the file cannot be read, lacks a column, or has a malformed row.
 */
export async function* readCsv<Column extends string>(
  file: string,
  columns: readonly Column[],
): AsyncGenerator<CsvRow<Column>> {
  const parser: AsyncIterable<ParsedRow<Column>> = openParser(file, columns);
  try {
    for await (const { record, info } of parser) {
      if (record[columns[0]] === '') {
        throw new DatasetError(file, info.lines, `${columns[0]}: expected an id, got an empty cell`);
      }
      yield { values: record, line: info.lines };
    }
  } catch (error) {
    throw error instanceof CsvError
      ? new DatasetError(file, Number(error.lines), csvProblem(error))
      : unreadable(file, error);
  }
}

/** @returns The reason in our own words for the two usual errors; otherwise the parser's. */
function csvProblem(error: CsvError): string {
  const { columns, record } = error as CsvError & { columns?: readonly unknown[]; record?: readonly string[] };
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
      return `expected ${columns?.length} cells, as in the header, got ${record?.length}`;
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'expected a closing quote, got the end of the file';
    default:
      return error.message;
  }
}

function openParser(file: string, columns: readonly string[]): Parser {
  const parser = parse({
    bom: true,
    trim: true,
    skip_empty_lines: true,
    info: true,
    columns: (header: string[]) => checkHeader(file, header, columns),
  });
  const unzip = file.endsWith('.gz') ? [createGunzip()] : [];
  // An error in the file or the unzipping ends the parser too, so the loop over the parser throws it.
  pipeline([createReadStream(file), ...unzip, parser], () => undefined);
  return parser;
}

function checkHeader(file: string, header: string[], columns: readonly string[]): string[] {
  const missing = columns.find((column) => !header.includes(column));
  if (missing === undefined) return header;
  throw new DatasetError(
    file,
    1,
    `expected the columns ${columns.join(',')}, got ${header.join(',')} without ${missing}`,
  );
}
