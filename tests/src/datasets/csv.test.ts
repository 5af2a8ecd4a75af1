import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { readCsv } from '../../../src/datasets/csv';
import { collect } from '../../support/collect';
import { useFolder } from '../../support/dataset-files';

describe('readCsv', () => {
  const write = useFolder();
  const read = (name: string, content: string | Uint8Array) => collect(readCsv(join(write({ [name]: content }), name), ['id', 'price'], ['brand'])); // prettier-ignore

  it('yields the rows with the line on which each ends', async () => {
    const rows = await read('a.csv', '\uFEFFid,color,price\n1, red ,2\n\n"2","two\nlines",3\n');
    expect(rows.map(({ values, line }) => [values.id, values.price, line])).toEqual([
      ['1', '2', 2],
      ['2', '3', 5],
    ]);
  });

  it.each([';', '\t', ','])('takes the delimiter that the header has most of (%j)', async (delimiter) => {
    const lines = ['id"color|price', '1|"red, or; \t blue"|2', '2|x|'].map((line) => line.replaceAll('|', delimiter));
    const rows = await read('a.csv', `\uFEFF\n${lines.join('\n').replace('"', delimiter)}`);
    expect(rows.map(({ values }) => values)).toEqual([
      { id: '1', color: 'red, or; \t blue', price: '2' },
      { id: '2', color: 'x', price: '' },
    ]);
  });

  it.each(['\n', '\r\n', '\r'])('reads rows whose lines end otherwise than the header (%j)', async (end) => {
    for (const first of ['\n', '\r\n', '\r'])
      for (const delimiter of [',', '\t']) {
        const text = `id,price${first}1,"2"${end}"3","a\r\nb"${end}5,6`.replaceAll(',', delimiter);
        const rows = await read('a.csv', text);
        expect(rows.map(({ values }) => Object.values(values))).toEqual([['1', '2'], ['3', 'a\r\nb'], ['5', '6']]); // prettier-ignore
      }
  });

  it('knows columns by their names in capital letters and with blanks, and ignores others, also those of one name', async () => {
    const [{ values }] = await read('a.csv', 'ID," Price ",Brand,note,note,,\n1,2,x,,,,\n');
    expect(values).toMatchObject({ id: '1', price: '2', brand: 'x' });
  });

  it.each([
    ['a missing column', 'id,color\n1,x', /a\.csv:1: expected the columns id,price, got id,color without price$/],
    ['a column that it has twice', 'id,price,price\n1,2,3', /a\.csv:1: expected one column price, got several; rename/],
    ['a row that is too short', 'id,price\n1', /a\.csv:2: Invalid Record Length: columns length is 2, got 1.*; a cell with a separator/],
    ['a quote in a cell between commas', 'id,price\n1,12" Single', /a\.csv:2: Invalid Opening Quote.*each quote in it is written twice$/],
    ['an open quote', 'id,price\n1,2\n3,"4\n5,6\n7,8\n', /a\.csv:5: Quote Not Closed/],
    ['an empty id', 'id,price\n1,2\n,2', /a\.csv:3: id: expected an id, got an empty cell$/],
  ])('refuses %s', async (_, content, message) => {
    await expect(read('a.csv', content)).rejects.toThrow(message);
  }); // prettier-ignore

  it('refuses a truncated archive', async () => {
    const whole = gzipSync('id,price\n1,2\n');
    await expect(read('a.csv.gz', whole.subarray(0, whole.length - 10))).rejects.toThrow(
      /a\.csv\.gz: expected a readable file, got a gzip file that ends too early \(Z_BUF_ERROR\)/,
    );
  });

  it('refuses a file that does not exist', async () => {
    await expect(collect(readCsv(join(write({}), 'none.csv'), ['id']))).rejects.toThrow(
      /none\.csv: expected a readable file, got none \(ENOENT\)/,
    );
  });
});
