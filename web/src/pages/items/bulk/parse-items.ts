/** Items out of a CSV or JSONL text, each with what is wrong with it. */
import Papa from 'papaparse';

import type { NewItem } from '../../../graphql/graphql';
import { isExact } from '../exact-numbers';
import { AVAILABILITY, FIELDS } from '../fields';

export interface ParsedRow {
  /** Where it stands in the file, from 1. */
  readonly line: number;
  /** Null when the row makes no item. */
  readonly item: NewItem | null;
  readonly externalId?: string;
  /** For people; null when nothing is wrong. */
  readonly error: string | null;
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
        return toRow(line, JSON.parse(text) as Fields);
      } catch {
        return { line, item: null, error: 'This line is not a JSON object.' };
      }
    });
}

function parseCsv(text: string): ParsedRow[] {
  const rows: ParsedRow[] = [];
  const lineOf = lineFinder(text);
  let missing: readonly string[] = [];
  Papa.parse<Fields>(text, {
    header: true,
    skipEmptyLines: 'greedy',
    step({ data, errors, meta }) {
      missing = missingColumns(meta.fields ?? []);
      const line = lineOf(meta.cursor);
      const isLocal = meta.delimiter === ';';
      const fault =
        errors.map(({ code }) => FAULTS[code]).find((text) => text !== undefined) ??
        (isLocal ? priceFault(data) : undefined);
      const fields = isLocal ? withDecimalPoint(data) : data;
      rows.push(fault === undefined ? toRow(line, fields) : { line, item: null, error: fault });
    },
  });
  if (rows.length === 0)
    return [{ line: 2, item: null, error: 'There is no item below the line that names the columns.' }];
  if (missing.length === 0) return rows;
  return [{ line: 1, item: null, error: `The first line must name the columns; it lacks ${missing.join(' and ')}.` }];
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

/** @returns A function that gives the line at which a row begins that ends at `cursor`, row by row below the head line. */
function lineFinder(text: string): (cursor: number) => number {
  const head = /^\s*[^\r\n]*(?:\r\n|\r|\n)?/.exec(text)?.[0] ?? '';
  let seen = head.length;
  let line = 1 + breaksIn(head);
  return (cursor) => {
    const passed = text.slice(seen, cursor);
    // Empty rows come to nobody, and cells may go over several lines.
    const begin = line + breaksIn(/^[\s,;|]*[\r\n]/.exec(passed)?.[0] ?? '');
    line += breaksIn(passed);
    seen = cursor;
    return begin;
  };
}

function breaksIn(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

function toRow(line: number, fields: Fields): ParsedRow {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    return { line, item: null, error: 'This line is not a JSON object.' };
  }
  const value = valuesOf(fields);
  const error = faultOf(value);
  const externalId = textOf(value('externalId')) ?? undefined;
  if (error !== null) return { line, item: null, externalId, error };
  const embedding = jsonOf(value('embedding')) as number[] | null;
  // A field that the file does not have stays as it is in the shop.
  const given = FIELDS.filter(([name]) => value(name) !== undefined);
  const fieldsRead = given.map(([name, { kind }]) => [name, READ[kind](value(name))]);
  const item = { ...Object.fromEntries(fieldsRead), ...(embedding && { embedding }) } as NewItem;
  return { line, item, externalId, error: null };
}

/** Reads a cell, or a value of a JSON object; undefined: it cannot be read. */
const READ = {
  text: textOf,
  longText: textOf,
  address: textOf,
  picture: textOf,
  availability: availabilityOf,
  texts: listOf,
  price: numberOf,
  time: timeOf,
  json: jsonOf,
};

/** @param value - Finds a field. @returns Why the fields make no item; null when they do. */
function faultOf(value: (name: string) => unknown): string | null {
  if (!isExact(value('externalId'))) return 'Its ID has too many digits for a number: write the ID in quotation marks.';
  const externalId = textOf(value('externalId'));
  if (externalId === null) return 'It has no ID.';
  if (isNested(value('externalId'))) return 'Its ID is not a text.';
  const faults = FIELDS.map(([name, { label, kind }]) => fieldFault(label.toLowerCase(), kind, value(name)));
  const fault = faults.find((each) => each !== null);
  if (fault !== undefined) return `${externalId}: ${fault}`;
  if (textOf(value('title')) === null) return `${externalId} has no title.`;
  return isVector(jsonOf(value('embedding'))) ? null : `${externalId}: the embedding is not a list of numbers.`;
}

function fieldFault(label: string, kind: keyof typeof READ, value: unknown): string | null {
  switch (kind) {
    case 'text':
    case 'longText':
    case 'address':
    case 'picture':
      return isNested(value) ? `the ${label} is not a text.` : null;
    case 'texts':
      return isNested(Array.isArray(value) ? value : [value]) ? `one of the ${label} is not a text.` : null;
    case 'availability':
      return availabilityOf(value) === undefined ? `the ${label} is not one of ${STATES.join(', ')}.` : null;
    case 'time':
      return timeOf(value) === undefined ? `${label} has no date and time such as 2026-12-01T08:30Z.` : null;
    case 'price':
      return numberOf(value) === undefined ? `the ${label} is not a number.` : null;
    case 'json':
      if (jsonOf(value) === undefined) return `the ${label} are not JSON.`;
      return isExact(jsonOf(value)) ? null : 'a number has too many digits: write it in quotation marks.';
  }
}

/** Where semicolons stand between the cells, a comma stands in the numbers: `7,50`. */
function withDecimalPoint(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([name, value]) => [name, isPrice(name) ? pointed(value) : value]);
  return Object.fromEntries(entries) as Fields;
}

/** There a point may stand between the thousands, too. */
function priceFault(fields: Fields): string | undefined {
  const isUnclear = (value: unknown) => typeof value === 'string' && /^\s*[1-9]\d{0,2}\.\d{3}\s*$/.test(value);
  const found = Object.entries(fields).find(([name, value]) => isPrice(name) && isUnclear(value));
  return found && `The price ${String(found[1]).trim()} can mean two: write it with a comma, or without the point.`;
}

const PRICES = new Set(FIELDS.flatMap(([, { kind, columns }]) => (kind === 'price' ? columns : [])));

function isPrice(name: string): boolean {
  return PRICES.has(name.trim().toLowerCase());
}

function pointed(value: unknown): unknown {
  return typeof value === 'string' && /^\s*-?\d+,\d+\s*$/.test(value) ? value.replace(',', '.') : value;
}

/** @returns Whether a field of a JSON object is one itself, or has one in it: JavaScript writes it as `[object Object]`. */
function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((part) => typeof part === 'object' && part !== null);
  return typeof value === 'object' && value !== null;
}

/** An item need not have one. */
function isVector(value: unknown): boolean {
  if (!Array.isArray(value)) return value === null;
  return value.length > 0 && value.every((part) => typeof part === 'number' && Number.isFinite(part));
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

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = String(value).trim();
  return text === '' ? null : text;
}

/** JavaScript reads `0x10` and `1e3` as numbers too. */
const PLAIN_DECIMAL = /^-?(\d+\.?\d*|\.\d+)$/;

/** @returns Null for none; undefined for what is no number. */
function numberOf(value: unknown): number | null | undefined {
  if (typeof value === 'number') return value;
  const text = textOf(value);
  if (text === null) return null;
  return PLAIN_DECIMAL.test(text) ? Number(text) : undefined;
}

const STATES = Object.keys(AVAILABILITY);

/** @returns Null for none; undefined for what is no availability. Some programs write `in stock`. */
function availabilityOf(value: unknown): string | null | undefined {
  const state = textOf(value)?.toUpperCase().replaceAll(' ', '_') ?? null;
  return state === null || STATES.includes(state) ? state : undefined;
}

/** @returns Null for none; undefined for what is no time. */
function timeOf(value: unknown): string | null | undefined {
  const text = textOf(value);
  if (text === null) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Several stand in one cell with `|` between them. */
function listOf(value: unknown): string[] {
  const parts = Array.isArray(value) ? value.map(String) : (textOf(value) ?? '').split('|');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** @returns Null for none; undefined for what is no JSON. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  if (value.trim() === '') return null;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
