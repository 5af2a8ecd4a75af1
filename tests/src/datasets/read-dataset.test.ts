import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import * as fc from 'fast-check';

import { DatasetError, type DatasetItem, type DatasetSequence } from '../../../src/datasets/dataset';
import { readDataset } from '../../../src/datasets/read-dataset';
import { PACKAGE_ROOT } from '../../../src/paths';

type Files = Readonly<Record<string, string | Uint8Array>>;

const RESEARCH: Files = {
  'items.jsonl':
    '{"id": 1, "title": "Teapot", "brand": "Brewco", "categories": ["Kitchen", "Tea"], "price": 12.5}\n' +
    '{"id": "b", "title": "", "brand": null, "asin": "B00"}\n' +
    '{"id": 3}\n',
  'sequences.txt': 'ann 1 b 3\nbob 3 1\n',
};
const SHOP: Files = {
  'items.csv': 'stock_code,description,price\n10A,"Teapot, red",1.25\n20,Spoon,\n',
  'events.csv':
    'customer_id,stock_code,timestamp\n1,20,2011-10-31T12:25\n1,10A,2011-10-30\n1,20,2011-10-31T13:25+01:00\n2,10A,2011-11-01 09:00:30\n',
};
const THREE_BY_FOUR = new Int8Array([127, 0, 0, 0, 0, -90, 0, 0, 3, 4, 0, 0]);

describe('readDataset', () => {
  let dir: string;

  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'dataset-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  function write(files: Files): string {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    return dir;
  }

  async function readAll(files: Files): Promise<{ items: DatasetItem[]; sequences: DatasetSequence[] }> {
    const dataset = await readDataset(write(files));
    return { items: await collect(dataset.items()), sequences: await collect(dataset.sequences()) };
  }

  it('reads the research layout: ids as strings, absent fields as null', async () => {
    const { items, sequences } = await readAll(RESEARCH);
    expect(items).toEqual([
      {
        externalId: '1',
        title: 'Teapot',
        description: null,
        brand: 'Brewco',
        categories: ['Kitchen', 'Tea'],
        price: 12.5,
        vector: null,
      },
      { externalId: 'b', title: '', description: null, brand: null, categories: [], price: null, vector: null },
      { externalId: '3', title: '', description: null, brand: null, categories: [], price: null, vector: null },
    ]);
    expect(sequences.map((sequence) => [sequence.userExternalId, ...sequence.itemExternalIds])).toEqual([
      ['ann', '1', 'b', '3'],
      ['bob', '3', '1'],
    ]);
  });

  it('sets interactions without gaps a day apart, so that none look like one basket', async () => {
    const { sequences } = await readAll(RESEARCH);
    expect(sequences[0].times).toEqual(['2000-01-01', '2000-01-02', '2000-01-03'].map(Date.parse));
  });

  it('adds up the gaps in days; 0 is the same basket', async () => {
    const { sequences } = await readAll({ ...RESEARCH, 'gaps_days.txt': 'ann 0 0 31\nbob 0 2\n' });
    expect(sequences[0].times).toEqual(['2000-01-01', '2000-01-01', '2000-02-01'].map(Date.parse));
    expect(sequences[1].times).toEqual(['2000-01-01', '2000-01-03'].map(Date.parse));
  });

  it("reads a shop's layout: quoted titles, times as UTC, a customer's events oldest first and ties as filed", async () => {
    const { items, sequences } = await readAll(SHOP);
    expect(items.map(({ externalId, title, price }) => [externalId, title, price])).toEqual([
      ['10A', 'Teapot, red', 1.25],
      ['20', 'Spoon', null],
    ]);
    expect(sequences).toEqual([
      {
        userExternalId: '1',
        itemExternalIds: ['10A', '20', '20'],
        times: ['2011-10-30T00:00Z', '2011-10-31T12:25Z', '2011-10-31T12:25Z'].map(Date.parse),
      },
      { userExternalId: '2', itemExternalIds: ['10A'], times: [Date.parse('2011-11-01T09:00:30Z')] },
    ]);
  });

  it('reads gzipped events as it reads plain ones', async () => {
    const { 'events.csv': events, 'items.csv': items } = SHOP;
    const { sequences } = await readAll({ 'items.csv': items, 'events.csv.gz': gzipSync(events) });
    expect(sequences.map((sequence) => sequence.itemExternalIds)).toEqual([['10A', '20', '20'], ['10A']]);
  });

  it.each([
    ['int8', THREE_BY_FOUR],
    ['float32', new Uint8Array(Float32Array.from(THREE_BY_FOUR).buffer)],
  ])('gives each item its row of the %s vectors, scaled to length 1', async (dtype, bytes) => {
    const header = JSON.stringify({ rows: 3, dims: 4, dtype, scale: 0.1, encoder: 'mine' });
    const files = { ...RESEARCH, 'vectors.json': header, [`vectors.${dtype}.bin`]: new Uint8Array(bytes.buffer) };
    const dataset = await readDataset(write(files));
    expect(dataset.vectors).toMatchObject({ dims: 4, encoder: 'mine' });
    const vectors = (await collect(dataset.items())).map((item) => [...(item.vector ?? [])]);
    expect(vectors).toEqual([
      [1, 0, 0, 0],
      [0, -1, 0, 0],
      [Math.fround(0.6), Math.fround(0.8), 0, 0],
    ]);
  });

  it('counts items, users and interactions', async () => {
    const { counts } = await readDataset(write(RESEARCH));
    expect(counts).toEqual({ items: 3, users: 2, interactions: 5 });
  });

  it('reads the demo shop as its attribution describes it', async () => {
    const { counts } = await readDataset(join(PACKAGE_ROOT, 'seeds', 'online-retail'));
    expect(counts).toEqual({ items: 1772, users: 2754, interactions: 82_648 });
  });

  it('returns the sequences that were written, whatever the line ends', async () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/);
    const shape = fc.record({
      ids: fc.uniqueArray(word, { minLength: 1, maxLength: 20 }),
      users: fc.uniqueArray(word, { minLength: 1, maxLength: 10 }),
      picks: fc.infiniteStream(fc.nat()),
      lineEnd: fc.constantFrom('\n', '\r\n', '\n\n'),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ ids, users, picks, lineEnd }) => {
        const histories = users.map((user) => {
          const length = 1 + (picks.next().value % 5);
          return [user, ...Array.from({ length }, () => ids[picks.next().value % ids.length])];
        });
        const { sequences } = await readAll({
          'items.jsonl': ids.map((id) => JSON.stringify({ id, title: `Title of ${id}` })).join(lineEnd),
          'sequences.txt': histories.map((history) => history.join(' ')).join(lineEnd),
        });
        expect(sequences.map((one) => [one.userExternalId, ...one.itemExternalIds])).toEqual(histories);
      }),
      { numRuns: 50, seed: 7 },
    );
  });

  const header = (change: object) => JSON.stringify({ rows: 3, dims: 4, dtype: 'int8', ...change });
  const cases: [string, Files, string, number | null, RegExp][] = [
    ['no items file', { 'a.txt': '' }, '', null, /expected items.jsonl or items.csv in it/],
    ['no sequences', { 'items.jsonl': '{"id":1}' }, 'sequences.txt', null, /expected this file/],
    ['no events', { 'items.csv': SHOP['items.csv'] }, '', null, /expected events.csv/],
    ['an empty items file', { ...RESEARCH, 'items.jsonl': '\n' }, 'items.jsonl', null, /at least one item/],
    ['broken JSON', { ...RESEARCH, 'items.jsonl': '{"id":1}\n{"id":' }, 'items.jsonl', 2, /one JSON object/],
    ['an item without id', { ...RESEARCH, 'items.jsonl': '{"title":"x"}' }, 'items.jsonl', 1, /id: /],
    ['a price as text', { ...RESEARCH, 'items.jsonl': '{"id":1,"price":"9"}' }, 'items.jsonl', 1, /price: .*number/],
    [
      'an id twice',
      { ...RESEARCH, 'items.jsonl': '{"id":1}\n\n{"id":"1"}' },
      'items.jsonl',
      3,
      /id 1: expected it once/,
    ],
    ['an unknown item', { ...RESEARCH, 'sequences.txt': 'ann 1\nbob 9' }, 'sequences.txt', 2, /item 9: .*unknown/],
    [
      'a user without items',
      { ...RESEARCH, 'sequences.txt': 'ann 1\nbob' },
      'sequences.txt',
      2,
      /at least one item id/,
    ],
    [
      'a user twice',
      { ...RESEARCH, 'sequences.txt': 'ann 1\nann 3' },
      'sequences.txt',
      2,
      /user ann: expected one line/,
    ],
    [
      'gaps of another user',
      { ...RESEARCH, 'gaps_days.txt': 'ann 0 0 1\nzoe 0 2' },
      'gaps_days.txt',
      2,
      /user bob .*got zoe/,
    ],
    [
      'too few gaps',
      { ...RESEARCH, 'gaps_days.txt': 'ann 0 1\nbob 0 1' },
      'gaps_days.txt',
      1,
      /expected 3 gaps, got 2/,
    ],
    ['a negative gap', { ...RESEARCH, 'gaps_days.txt': 'ann 0 -4 1\nbob 0 1' }, 'gaps_days.txt', 1, /got "-4"/],
    ['gaps that end early', { ...RESEARCH, 'gaps_days.txt': 'ann 0 1 1' }, 'gaps_days.txt', null, /end of the file/],
    ['gaps left over', { ...RESEARCH, 'gaps_days.txt': 'ann 0 1 1\nbob 0 1\nzoe 1' }, 'gaps_days.txt', 3, /got more/],
    ['a missing column', { ...SHOP, 'items.csv': 'stock_code,description\n1,x' }, 'items.csv', 1, /without price/],
    [
      'a row too short',
      { ...SHOP, 'items.csv': 'stock_code,description,price\n1,x' },
      'items.csv',
      2,
      /length is 3, got 2/,
    ],
    ['an open quote', { ...SHOP, 'items.csv': 'stock_code,description,price\n1,"x,2\n' }, 'items.csv', 2, /[Qq]uote/],
    [
      'a bad price',
      { ...SHOP, 'items.csv': 'stock_code,description,price\n1,x,free' },
      'items.csv',
      2,
      /price: .*"free"/,
    ],
    ['an empty id', { ...SHOP, 'items.csv': 'stock_code,description,price\n,x,1' }, 'items.csv', 2, /stock_code: /],
    [
      '31 February',
      { ...SHOP, 'events.csv': 'customer_id,stock_code,timestamp\n1,20,2011-02-31' },
      'events.csv',
      2,
      /timestamp/,
    ],
    [
      'a customer in two places',
      { ...SHOP, 'events.csv': `${SHOP['events.csv']}1,20,2011-12-01\n` },
      'events.csv',
      6,
      /together/,
    ],
    [
      'no events at all',
      { ...SHOP, 'events.csv': 'customer_id,stock_code,timestamp\n' },
      'events.csv',
      null,
      /at least one/,
    ],
    [
      'vectors of another size',
      { ...RESEARCH, 'vectors.json': header({}), 'vectors.int8.bin': new Uint8Array(11) },
      'vectors.int8.bin',
      null,
      /= 12 bytes, got 11/,
    ],
    [
      'a vectors file without dims',
      { ...RESEARCH, 'vectors.json': header({ dims: undefined }) },
      'vectors.json',
      null,
      /dims/,
    ],
    [
      'fewer vectors than items',
      { ...RESEARCH, 'vectors.json': header({ rows: 2 }), 'vectors.int8.bin': new Uint8Array(8).fill(1) },
      'items.jsonl',
      3,
      /got more/,
    ],
    [
      'more vectors than items',
      { ...RESEARCH, 'vectors.json': header({ rows: 4 }), 'vectors.int8.bin': new Uint8Array(16).fill(1) },
      'items.jsonl',
      null,
      /got 3/,
    ],
    [
      'a vector of zeros',
      { ...RESEARCH, 'vectors.json': header({}), 'vectors.int8.bin': new Uint8Array(12).fill(1, 0, 8) },
      'vectors.int8.bin',
      3,
      /zero/,
    ],
  ];
  it.each(cases)('refuses %s, naming file, line and reason', async (_, files, file, line, reason) => {
    const failure = await readDataset(write(files)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatasetError);
    expect(failure).toMatchObject({ file: join(dir, file), line, reason: expect.stringMatching(reason) });
  });

  it('refuses a truncated archive', async () => {
    const whole = gzipSync(SHOP['events.csv']);
    const files = { 'items.csv': SHOP['items.csv'], 'events.csv.gz': whole.subarray(0, whole.length - 10) };
    await expect(readDataset(write(files))).rejects.toThrow(/events.csv.gz: expected a readable file/);
  });

  it('refuses a folder that is not there', async () => {
    await expect(readDataset(join(dir, 'nowhere'))).rejects.toThrow(/expected a folder, got none/);
  });
});

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
