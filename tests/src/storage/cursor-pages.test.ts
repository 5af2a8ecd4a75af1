import { z } from 'zod';

import { cursorsOf, decodeCursor, EMPTY_PAGE, idCursorsOf, pageOf } from '../../../src/storage/cursor-pages';

const encoded = (text: string) => Buffer.from(text).toString('base64url');
const ROWS = idCursorsOf('rows');
const refusal = (cursor: string) => {
  try {
    return decodeCursor(cursor, ROWS);
  } catch (error) {
    return (error as Error).message;
  }
};

describe('pageOf', () => {
  const page = (ids: readonly number[], first: number) =>
    pageOf(
      ids.map((id) => ({ id })),
      first,
      ROWS,
      (row) => row,
    );

  it('has a next page when there is one row more than was asked for', () => {
    expect(page([1, 2, 3], 2)).toMatchObject({ edges: [{ node: { id: 1 } }, { node: { id: 2 } }], hasNextPage: true });
    expect(page([1, 2], 2).hasNextPage).toBe(false);
    expect(page([], 2)).toEqual(EMPTY_PAGE);
  });

  it('gives each row a cursor from which its sort key is read back', () => {
    const sortKey: [string, number] = ['Łampe "1"\u0007\t\\u0000 😀', 7];
    const cursors = cursorsOf('lamps', z.tuple([z.string(), z.int()]), (key: [string, number]) => key);
    const [{ cursor }] = pageOf([sortKey], 1, cursors, String).edges;
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(cursor, cursors)).toEqual(sortKey);
  });
});

describe('decodeCursor', () => {
  const contents = ['[7]', '["rows",1.5]', '["users",7]'];
  it.each(['x', ...contents.map(encoded)])('refuses %j, which is no cursor of this list', (cursor) => {
    expect(refusal(cursor)).toBe(
      `after: expected a cursor from an earlier page of this list, got ${JSON.stringify(cursor)}`,
    );
  });

  it.each(['"\\u0000"', '"a\\uD800"', '"\\udc00b"'])('refuses %s, which no database takes', (text) => {
    expect(() => decodeCursor(encoded(`["texts",${text}]`), cursorsOf('texts', z.string(), String))).toThrow(
      /^after: expected a cursor/,
    );
  });
});
