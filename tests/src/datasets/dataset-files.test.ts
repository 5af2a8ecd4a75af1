import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { decodeUtf8, readLines } from '../../../src/datasets/dataset-files';
import { readDataset } from '../../../src/datasets/read-dataset';
import { collect } from '../../support/collect';
import { type Files, itRefuses, RESEARCH, SHOP, useFolder } from '../../support/dataset-files';

describe('readLines', () => {
  const write = useFolder();

  it('skips empty lines, counts them, and trims the rest', async () => {
    const file = join(write({ 'a.txt': '\uFEFFone\n\n \n  four \r\nfive' }), 'a.txt');
    expect(await collect(readLines(file))).toEqual([
      { number: 1, text: 'one' },
      { number: 4, text: 'four' },
      { number: 5, text: 'five' },
    ]);
  });

  it('joins a line that is longer than one read of the file', async () => {
    const long = 'ü'.repeat(100_000);
    const file = join(write({ 'a.txt': `${long}\nshort` }), 'a.txt');
    expect((await collect(readLines(file))).map(({ text }) => text)).toEqual([long, 'short']);
  });

  it('refuses a file that does not exist', async () => {
    await expect(collect(readLines(join(write({}), 'none.txt')))).rejects.toThrow(
      /none\.txt: expected a readable file, got none \(ENOENT\)/,
    );
  });
});

const VECTORS: Files = { ...RESEARCH, 'vectors.json': '{"rows":3,"dims":1,"dtype":"int8"}', 'vectors.int8.bin': 'abc' };
const EVENTS: Files = { ...RESEARCH, 'interactions.jsonl': '' };
const ZIPPED: Files = { 'items.csv.gz': '', 'events.csv': SHOP['events.csv'] };

describe('openDatasetFile', () => {
  const write = useFolder();
  const replace = (files: Files, name: string, make: (path: string) => void) => {
    const dir = write(files);
    rmSync(join(dir, name));
    make(join(dir, name));
    return dir;
  };
  const pipe = (path: string) => void execFileSync('mkfifo', [path]);

  it.each<[string, Files]>([
    ['items.jsonl', RESEARCH],
    ['sequences.txt', RESEARCH],
    ['interactions.jsonl', EVENTS],
    ['items.csv', SHOP],
    ['events.csv', SHOP],
    ['items.csv.gz', ZIPPED],
    ['vectors.json', VECTORS],
  ])('refuses a pipe in place of %s, which nobody may ever write to', async (name, files) => {
    const dir = replace(files, name, pipe);
    await expect(readDataset(dir)).rejects.toThrow(`${join(dir, name)}: expected a readable file, got a pipe`);
  });

  it('refuses a device, which may give anything without an end', async () => {
    const dir = replace(RESEARCH, 'items.jsonl', (path) => symlinkSync('/dev/zero', path));
    await expect(readDataset(dir)).rejects.toThrow(/items\.jsonl: expected a readable file, got a device$/);
  });

  it('refuses a folder', async () => {
    const dir = replace(RESEARCH, 'items.jsonl', (path) => mkdirSync(path));
    await expect(readDataset(dir)).rejects.toThrow(/items\.jsonl: expected a readable file, got a folder$/);
  });

  it('refuses a socket', async () => {
    const server = createServer();
    const dir = replace(RESEARCH, 'items.jsonl', (path) => void server.listen(path));
    try {
      await expect(readDataset(dir)).rejects.toThrow(/items\.jsonl: expected a readable file, got a socket$/);
    } finally {
      server.close();
    }
  });

  it('reads the file that a link leads to', async () => {
    const dir = replace({ ...RESEARCH, 'other.txt': RESEARCH['items.jsonl'] }, 'items.jsonl', (path) =>
      symlinkSync('other.txt', path),
    );
    expect((await readDataset(dir)).counts.items).toBe(3);
  });
});

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const decode = async (...chunks: Buffer[]) => (await collect(decodeUtf8('a', inChunks(chunks)))).join('');

async function* inChunks(chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

describe('decodeUtf8', () => {
  it('joins characters that two chunks share, and keeps the byte order mark', async () => {
    const bytes = Buffer.from('\uFEFFCafé\n茶 😀');
    for (let i = 0; i < bytes.length; i++)
      expect(await decode(bytes.subarray(0, i), bytes.subarray(i))).toBe('\uFEFFCafé\n茶 😀');
  });

  it.each([
    [1, [latin1('é')]],
    [3, [Buffer.from('é\n茶\n'), latin1('Café\nx')]],
    [2, [Buffer.from('x\n茶').subarray(0, 4), latin1('\nx')]],
    [2, [Buffer.from('x\n茶').subarray(0, 4)]],
    [4, [Buffer.from('x\n茶').subarray(0, 4), Buffer.concat([Buffer.from('x\n茶').subarray(4), latin1('\n\né')])]],
    [1, [Buffer.from('x', 'utf16le'), Buffer.from([0xff, 0xfe])]],
  ])('names line %i of other bytes', async (line, chunks) => {
    await expect(decode(...chunks)).rejects.toMatchObject({
      line,
      reason: expect.stringMatching(/^expected text in UTF-8/),
    });
  });
});

describe('a dataset', () => {
  const expected = /^expected text in UTF-8, got other bytes; save the file as UTF-8$/;
  const utf16 = /^expected text in UTF-8, got UTF-16; save the file as UTF-8$/;
  itRefuses([
    [
      'a title in Latin-1',
      { ...SHOP, 'items.csv': latin1('stock_code,description,price\n10A,Tea,\n20,Café,\n') },
      'items.csv',
      3,
      expected,
    ],
    [
      'users in Latin-1',
      { ...RESEARCH, 'sequences.txt': latin1('Müller 1 b\nMöller 3 1\n') },
      'sequences.txt',
      1,
      expected,
    ],
    [
      'a header in UTF-16',
      { ...SHOP, 'items.csv': Buffer.from('\uFEFFstock_code,description,price\n', 'utf16le') },
      'items.csv',
      1,
      utf16,
    ],
    [
      'a header in UTF-16 without a byte order mark',
      { ...SHOP, 'items.csv': Buffer.from('stock_code,description,price\n', 'utf16le') },
      'items.csv',
      1,
      utf16,
    ],
    [
      'JSON in UTF-16 whose large bytes come first',
      { ...RESEARCH, 'items.jsonl': Buffer.from('{"id":1}\n', 'utf16le').swap16() },
      'items.jsonl',
      1,
      utf16,
    ],
    [
      'a table that is packed, and not named .gz',
      { ...SHOP, 'events.csv': gzipSync('a') },
      'events.csv',
      null,
      /^expected text in UTF-8, got a gzip file; unpack it, or end its name in \.gz$/,
    ],
    [
      'a workbook',
      { ...SHOP, 'items.csv': Buffer.from('PK\x03\x04\xff', 'latin1') },
      'items.csv',
      null,
      /^expected text in UTF-8, got a zip file; unpack it, or save its sheet as CSV in UTF-8$/,
    ],
  ]);
});
