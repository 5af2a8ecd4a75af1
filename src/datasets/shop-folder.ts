/**
 * The layout of a shop's tables: `items.csv` (`stock_code,description,price`), and `events.csv` or `events.csv.gz`
 * (`customer_id,stock_code,timestamp`), with all events of a customer together. The lines of one order have one timestamp.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { readCsv, type CsvRow } from './csv';
import { DatasetError, type DatasetItem, type DatasetSequence, type DatasetSource } from './dataset';
import { RegisteredItems } from './registered-items';
import { openVectors } from './vectors';

const ITEM_COLUMNS = ['stock_code', 'description', 'price'] as const;
const EVENT_COLUMNS = ['customer_id', 'stock_code', 'timestamp'] as const;
/** A date, or a date and time. It is UTC unless it names a zone. */
const timestampSchema = z.union([z.iso.date(), z.iso.datetime({ local: true, offset: true })]);
const HAS_ZONE = /^\d{4}-\d\d-\d\d$|(Z|[+-]\d\d:\d\d)$/;

interface Event {
  readonly itemId: string;
  readonly timeMs: number;
}

/** @throws {DatasetError} When a file is missing, or when the size of the vectors file is not as described. */
export async function openShopFolder(dir: string): Promise<DatasetSource> {
  const eventsFile = ['events.csv', 'events.csv.gz'].map((name) => join(dir, name)).find((file) => existsSync(file));
  if (eventsFile === undefined)
    throw new DatasetError(dir, null, 'expected events.csv or events.csv.gz beside items.csv, got neither');
  const itemsFile = join(dir, 'items.csv');
  const vectors = await openVectors(dir);
  const known = new RegisteredItems(itemsFile, vectors);
  return {
    dir,
    vectors,
    items: () => known.register(readItems(itemsFile)),
    sequences: () => readSequences(eventsFile, known),
  };
}

async function* readItems(file: string): AsyncGenerator<{ item: Omit<DatasetItem, 'vector'>; line: number }> {
  for await (const row of readCsv(file, ITEM_COLUMNS)) {
    const { stock_code: externalId, description: title } = row.values;
    yield {
      line: row.line,
      item: { externalId, title, description: null, brand: null, categories: [], price: priceOf(row, file) },
    };
  }
}

function priceOf({ values, line }: CsvRow<(typeof ITEM_COLUMNS)[number]>, file: string): number | null {
  if (values.price === '') return null;
  const price = Number(values.price);
  if (Number.isFinite(price) && price >= 0) return price;
  throw new DatasetError(file, line, `price: expected a number of 0 or more, got "${values.price}"`);
}

async function* readSequences(file: string, known: RegisteredItems): AsyncGenerator<DatasetSequence> {
  const finished = new Set<string>();
  let user: string | null = null;
  let events: Event[] = [];
  for await (const { values, line } of readCsv(file, EVENT_COLUMNS)) {
    const { customer_id: customer, stock_code: itemId, timestamp } = values;
    known.check(itemId, file, line);
    if (customer !== user) {
      if (user !== null) yield sequenceOf(user, events);
      if (user !== null) finished.add(user);
      if (finished.has(customer)) {
        throw new DatasetError(
          file,
          line,
          `customer ${customer}: expected all events together, got other events further up; sort the file by customer`,
        );
      }
      user = customer;
      events = [];
    }
    events.push({ itemId, timeMs: timeOf(timestamp, file, line) });
  }
  if (user === null) throw new DatasetError(file, null, 'expected at least one event, got none');
  yield sequenceOf(user, events);
}

/** Puts the oldest event first. Events with equal times stay in the order of the file. */
function sequenceOf(userExternalId: string, events: readonly Event[]): DatasetSequence {
  const sorted = events.toSorted((a, b) => a.timeMs - b.timeMs);
  return {
    userExternalId,
    itemExternalIds: sorted.map((event) => event.itemId),
    times: sorted.map((event) => event.timeMs),
  };
}

function timeOf(text: string, file: string, line: number): number {
  const iso = text.replace(' ', 'T').replace(/(T\d\d:\d\d)(?=$|Z|[+-])/, '$1:00'); // seconds may be left out
  if (!timestampSchema.safeParse(iso).success) {
    throw new DatasetError(file, line, `timestamp: expected a date such as 2011-10-31T12:25, got "${text}"`);
  }
  return Date.parse(HAS_ZONE.test(iso) ? iso : `${iso}Z`);
}
