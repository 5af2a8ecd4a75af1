/** CSV files, plain or gzipped, row by row, with the columns that a caller needs. */
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
 * Streams the rows below the header. Columns beyond those asked for are ignored; the first of `columns` may not be empty.
 *
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
      ? new DatasetError(file, Number(error.lines), error.message)
      : unreadable(file, error);
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
  // Errors of the stages before end the parser too, and are met by whoever iterates over it.
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
