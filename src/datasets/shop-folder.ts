/**
 * The layout of a shop's tables: `items.csv` (`id,title`, or `stock_code,description,price`, and perhaps other fields of an item), and
 * `events.csv` (`customer_id,stock_code,timestamp`), in any order. The lines of one order have one timestamp. Either may be called `.tsv`,
 * and may be gzipped (`.gz`). A shop that opens has no events yet.
 */
import { OPTIONAL_FIELDS, type OptionalField, optionalFields } from '../storage/item-columns';
import { openOnce } from '../waiting/promises';
import { checkId, checkStorable } from './check-rows';
import { type CsvRow, headerOf, readCsv } from './csv';
import { DatasetError, type DatasetItem, type DatasetSource, type ReadOptions } from './dataset';
import { oneOf, orGzipped } from './dataset-files';
import { parseTime, TIME_FORMS } from './event-time';
import { Histories } from './histories';
import { RegisteredItems } from './registered-items';
import { openVectors } from './vectors';

/** Columns of items in the order of preference: the names of fields, and those of the shop that the demo is. */
const NAMED = ['id', 'title'] as const;
const ITEM_COLUMNS = ['stock_code', 'description', 'price'] as const;
/** Attributes need a format that can nest. */
const CELLS = OPTIONAL_FIELDS.filter(({ type }) => type !== 'JSONB');
const OPTIONAL_ITEM_COLUMNS = [...CELLS.map(columnOf), 'category', 'categories'];
const EVENT_COLUMNS = ['customer_id', 'stock_code', 'timestamp'] as const;
/** JavaScript reads `0x10`, `1e3` and a blank as numbers too. */
const PLAIN_DECIMAL = /^(\d+\.?\d*|\.\d+)$/;

/**
 * @param itemsFile - In the folder.
 * @throws {DatasetError} When a file is missing, or when the size of the vectors file is not as described.
 */
export async function openShopFolder(
  dir: string,
  itemsFile: string,
  options: ReadOptions = {},
): Promise<DatasetSource> {
  const eventsFile = oneOf(dir, orGzipped('events.csv', 'events.tsv'));
  const known = new RegisteredItems(itemsFile, await openVectors(dir), options);
  // Millions of events are read once: they stay in memory in columns, as every reading has them there.
  const events = openOnce(() => readEvents(eventsFile, known));
  return known.sourceOf(dir, {
    items: () => readItems(itemsFile),
    sequences: async function* () {
      yield* (await events()).sequences();
    },
  });
}

type ItemRow = CsvRow<string>;

async function* readItems(file: string): AsyncGenerator<{ item: Omit<DatasetItem, 'vector'>; line: number }> {
  const isNamed = (await headerOf(file)).includes(NAMED[0]);
  const [id, title] = isNamed ? NAMED : ITEM_COLUMNS;
  const columns: readonly string[] = isNamed ? NAMED : ITEM_COLUMNS;
  for await (const row of readCsv(file, columns, OPTIONAL_ITEM_COLUMNS)) {
    const { categories = row.values.category } = row.values;
    checkStorable(file, row.line, row.values);
    const fields = optionalFields((field) =>
      CELLS.includes(field) && field.name !== title ? cellOf(field, row, file) : undefined,
    );
    const item = { externalId: row.values[id], title: row.values[title], ...fields };
    yield { line: row.line, item: categories === undefined ? item : { ...item, categories: pathOf(categories) } };
  }
}

/** @returns The names in `root > leaf`, or in `root|leaf`. */
function pathOf(text: string): string[] {
  return text
    .split(/[>|]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** @returns Null for an empty cell; undefined: the file has no such column. */
function cellOf(field: OptionalField, { values, line }: ItemRow, file: string) {
  const text = values[columnOf(field)];
  if (text === undefined) return undefined;
  if (field.type === 'TEXT' && field.rule === undefined) return text || null;
  const typed = text.trim();
  if (typed === '') return null;
  const value = valueOf(field, typed);
  if (value === null) throw new DatasetError(file, line, `${columnOf(field)}: ${problemOf(field, typed)}`);
  return value;
}

/** @returns The name of its column: `image_url` has the field `imageUrl`. */
function columnOf({ name }: OptionalField): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** @returns Null when the cell cannot be read. */
function valueOf({ type, rule, max = Infinity }: OptionalField, typed: string): string | number | Date | null {
  if (rule !== undefined) return rule.allows(typed) ? typed : null;
  if (type === 'TIMESTAMP') return dateOf(typed);
  const number = PLAIN_DECIMAL.test(typed) ? Number(typed) : NaN;
  return number <= max ? number : null;
}

function dateOf(text: string): Date | null {
  const timeMs = parseTime(text);
  return timeMs === null ? null : new Date(timeMs);
}

function problemOf({ type, rule, max }: OptionalField, typed: string): string {
  if (rule !== undefined) return `expected ${rule.expected}, got "${typed}"`;
  if (type === 'TIMESTAMP') return `expected ${TIME_FORMS}, got "${typed}"`;
  if (/^\d[\d.]*,\d+$/.test(typed)) return `expected a decimal point, as in 1.25, got a decimal comma in "${typed}"`;
  return `expected a plain decimal number from 0 to ${max}, such as 1.25, without a currency, got "${typed}"`;
}

/** @param file - Null: a shop that opens has none. */
async function readEvents(file: string | null, known: RegisteredItems): Promise<Histories> {
  const histories = new Histories();
  if (file === null) return histories;
  for await (const { values, line } of readCsv(file, EVENT_COLUMNS)) {
    const { customer_id: customer, stock_code: itemId, timestamp } = values;
    checkStorable(file, line, { customer_id: customer });
    checkId(file, line, 'customer_id', customer);
    const timeMs = timeOf(timestamp, file, line);
    known.checkTime(file, line, 'timestamp', timeMs);
    if (known.has(itemId, file, line)) histories.add(customer, { itemId, timeMs });
  }
  return histories;
}

function timeOf(text: string, file: string, line: number): number {
  const time = parseTime(text);
  if (time !== null) return time;
  throw new DatasetError(file, line, `timestamp: expected ${TIME_FORMS}, got "${text}"`);
}
