import { gzipSync } from 'node:zlib';

import { decodeUtf8 } from '../../../src/datasets/dataset-files';
import { collect } from '../../support/collect';
import { itRefuses, RESEARCH, SHOP } from '../../support/dataset-files';

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
