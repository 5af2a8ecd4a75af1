import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { decodeUtf8, readLines } from '../../../src/datasets/dataset-files';
import { collect } from '../../support/collect';
import { itRefuses, SHOP, useFolder } from '../../support/dataset-files';

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
    ['of another encoding', [latin1('Café\nx')]],
    ['cut off in a character', [Buffer.from('x\n茶').subarray(0, 4)]],
  ])('refuses text %s', async (_, chunks) => {
    await expect(decode(...chunks)).rejects.toThrow(/expected text in UTF-8/);
  });
});

describe('a dataset', () => {
  const expected =
    /^expected text in UTF-8, got other bytes; save the file as UTF-8, and end the name of a gzip file in .gz$/;
  const title = latin1('stock_code,description,price\n10A,Tea,\n20,Café,\n');
  const header = Buffer.from('\uFEFFstock_code,description,price\n', 'utf16le');
  itRefuses([
    ['a title in Latin-1', { ...SHOP, 'items.csv': title }, 'items.csv', null, expected],
    ['a header in UTF-16', { ...SHOP, 'items.csv': header }, 'items.csv', null, expected],
    ['a packed table', { ...SHOP, 'events.csv': gzipSync('a') }, 'events.csv', null, expected],
  ]);
});
