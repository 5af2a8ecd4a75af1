/** Items out of a CSV or JSONL text, each with what is wrong with it. */
import Papa from 'papaparse';

import { readPrice } from '../../../components/number-field/notation';
import type { NewItem } from '../../../graphql/graphql';
import { AVAILABILITY, FIELDS } from '../fields';

export interface ParsedRow {
  /** The line of JSONL, or the row of CSV; the first is 1. */
  readonly line: number;
  /** Null when the row makes no item. */
  readonly item: NewItem | null;
  readonly externalId?: string;
  /** For people; null when nothing is wrong. */
  readonly error: string | null;
  /** The row as it stands in the file: its cells by column, or its line of JSONL. */
  readonly source?: Fields | string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The names of columns, in small letters. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(FIELDS.map(([name, { columns }]) => [name, columns])),
  embedding: ['embedding', 'vector'],
};

/** @returns One row an item, in the order of the file; a text that begins with `{` is JSONL, any other is CSV with a head line. */
export function parseItems(text: string): readonly ParsedRow[] {
  if (text.trim() === '') return [];
  if (/^\s*\[/.test(text)) {
    return [
      {
        line: 1,
        item: null,
        error: 'This is one JSON array. Write each object in a line of its own, without the brackets.',
      },
    ];
  }
  const rows = /^\s*\{/.test(text) ? parseJsonLines(text) : parseCsv(text);
  return markRepeats(rows);
}

/** @returns What the head line of a CSV file, or the first object of JSONL, names and `parseItems` does not read, such as `prise`. */
export function unreadNames(text: string): readonly string[] {
  const read = new Set(Object.values(COLUMNS).flat());
  return namesOf(text).filter((name) => name.trim() !== '' && !read.has(name.trim().toLowerCase()));
}

function namesOf(text: string): readonly string[] {
  if (/^\s*\[/.test(text)) return [];
  if (!/^\s*\{/.test(text)) return Papa.parse<string[]>(text, { preview: 1, skipEmptyLines: 'greedy' }).data[0] ?? [];
  try {
    return Object.keys(JSON.parse(text.trim().split(/\r?\n/, 1)[0]) as Fields);
  } catch {
    return [];
  }
}

function parseJsonLines(text: string): ParsedRow[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter(({ text }) => text !== '')
    .map(({ line, text }) => {
      try {
        return { ...toRow(line, JSON.parse(text) as Fields), source: text };
      } catch {
        return { line, item: null, error: 'This line is not a JSON object.', source: text };
      }
    });
}

function parseCsv(text: string): ParsedRow[] {
  const { data, errors, meta } = Papa.parse<Fields>(text, { header: true, skipEmptyLines: 'greedy' });
  if (data.length === 0)
    return [{ line: 2, item: null, error: 'There is no item below the line that names the columns.' }];
  const missing = missingColumns(meta.fields ?? []);
  if (missing.length > 0)
    return [{ line: 1, item: null, error: `The first line must name the columns; it lacks ${missing.join(' and ')}.` }];
  const known = errors.filter(({ code }) => code in FAULTS);
  // Papa counts the head line where quotation marks are wrong.
  const faults = new Map(known.map(({ type, row = 0, code }) => [type === 'Quotes' ? row - 1 : row, FAULTS[code]]));
  return data.map((fields, index) => {
    const [line, error] = [index + 2, faults.get(index)];
    const row = error === undefined ? toRow(line, fields, meta.delimiter === ';') : { line, item: null, error };
    return { ...row, source: fields };
  });
}

/**
 * @param rows - Those with a fault, of one file.
 * @returns The rows as they stand in the file, each with one more column, or field, so that somebody mends them and brings them again.
 */
export function faultyRows(rows: readonly ParsedRow[]): string {
  const [first] = rows;
  if (typeof first.source === 'string') return rows.map((row) => `${withProblem(row)}\n`).join('');
  const fields = [...Object.keys(first.source ?? {}).filter((name) => name !== '__parsed_extra'), 'problem'];
  return Papa.unparse({ fields, data: rows.map(({ source, error }) => ({ ...(source as Fields), problem: error })) });
}

function withProblem({ source, error }: ParsedRow): string {
  try {
    return JSON.stringify({ ...(JSON.parse(source as string) as object), problem: error });
  } catch {
    return source as string;
  }
}

/** Required fields by the name that the page uses. */
const REQUIRED: Readonly<Record<string, string>> = { id: 'externalId', title: 'title' };

function missingColumns(fields: readonly string[]): readonly string[] {
  const names = fields.map((name) => name.trim().toLowerCase());
  return Object.keys(REQUIRED).filter((name) => !COLUMNS[REQUIRED[name]].some((alias) => names.includes(alias)));
}

/** Faults of a row by Papa's names. */
const FAULTS: Readonly<Record<string, string>> = {
  MissingQuotes: 'A quotation mark opens here that no other closes, so all below it is one cell.',
  InvalidQuotes: 'A quotation mark within a cell must be written twice.',
  TooManyFields: 'It has more cells than the first line names. A cell with a comma needs quotation marks around it.',
};

/** @param isLocal - Whether a program wrote it that follows the customs of a country, such as a comma before decimals. */
function toRow(line: number, fields: Fields, isLocal = false): ParsedRow {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    return { line, item: null, error: 'This line is not a JSON object.' };
  }
  const value = valuesOf(fields);
  const id = value('externalId');
  const externalId = textOf(id) ?? undefined;
  const refused = (error: string): ParsedRow => ({ line, item: null, externalId, error });
  if (externalId === undefined) return refused('It has no ID.');
  if (typeof id === 'number' && !Number.isSafeInteger(id))
    return refused('Its ID has too many digits for a number: write the ID in quotation marks.');
  const item: Record<string, unknown> = {};
  for (const [name, { label, kind }] of FIELDS) {
    // A field that the file does not have stays as it is in the shop.
    if (value(name) === undefined) continue;
    item[name] = READ[kind](value(name), isLocal);
    if (item[name] === undefined) return refused(`${externalId}: ${label.toLowerCase()} is not ${EXPECTED[kind]}.`);
  }
  if (item.title == null) return refused(`${externalId} has no title.`);
  const embedding = jsonOf(value('embedding'));
  if (embedding === null) return { line, item: item as NewItem, externalId, error: null };
  if (!isVector(embedding)) return refused(`${externalId}: the embedding is not a list of numbers.`);
  return { line, item: { ...item, embedding } as NewItem, externalId, error: null };
}

const PLAIN_DECIMAL = /^\d{1,12}\.\d{1,3}$/;
const STATES = Object.keys(AVAILABILITY);

/** Reads a cell, or a value of a JSON object. Null: there is none; undefined: it cannot be read. */
const READ = {
  text: textOf,
  longText: textOf,
  address: textOf,
  picture: textOf,
  availability: availabilityOf,
  texts: listOf,
  price: priceOf,
  time: timeOf,
  json: jsonOf,
};

const EXPECTED: Readonly<Record<keyof typeof READ, string>> = {
  text: 'a text',
  longText: 'a text',
  address: 'a text',
  picture: 'a text',
  availability: `one of ${STATES.join(', ')}`,
  texts: 'a list of texts',
  price: 'a number such as 1234.50',
  time: 'a date and time such as 2026-12-01T08:30Z',
  json: 'JSON',
};

function isVector(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((part) => typeof part === 'number' && Number.isFinite(part));
}

/** @returns A function that finds a field under any of its names, in upper or lower case. */
function valuesOf(fields: Fields): (name: string) => unknown {
  const byName = new Map(Object.entries(fields).map(([name, value]) => [name.trim().toLowerCase(), value]));
  return (name) => COLUMNS[name].map((alias) => byName.get(alias)).find((value) => value !== undefined);
}

function markRepeats(rows: readonly ParsedRow[]): ParsedRow[] {
  const lines = new Map<string, number>();
  return rows.map((row) => {
    const { externalId } = row;
    if (externalId === undefined) return row;
    const first = lines.get(externalId);
    if (first === undefined) lines.set(externalId, row.line);
    // Its own fault comes first: without it, the row is a repeat.
    if (first === undefined || row.item === null) return row;
    return { ...row, item: null, error: `${externalId} stands in line ${first} already.` };
  });
}

function textOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object') return undefined;
  const text = String(value).trim();
  return text === '' ? null : text;
}

/** A point stands before the decimals, or a comma: see `readPrice`. */
function priceOf(value: unknown, isLocal: boolean): number | null | undefined {
  if (typeof value === 'number') return value;
  if (!isLocal && PLAIN_DECIMAL.test(textOf(value) ?? '')) return Number(value);
  const { number, fault } = readPrice(textOf(value) ?? '');
  return fault === null ? number : undefined;
}

/** Some programs write `in stock`. */
function availabilityOf(value: unknown): string | null | undefined {
  const state = textOf(value)?.toUpperCase().replaceAll(' ', '_') ?? null;
  return state === null || STATES.includes(state) ? state : undefined;
}

function timeOf(value: unknown): string | null | undefined {
  const text = textOf(value);
  if (text == null) return text;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Several stand in one cell with `|` between them. */
function listOf(value: unknown): string[] | undefined {
  const parts = (Array.isArray(value) ? value : (textOf(value) ?? '').split('|')).map(textOf);
  return parts.includes(undefined) ? undefined : parts.filter((part) => typeof part === 'string');
}

function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  if (value.trim() === '') return null;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
