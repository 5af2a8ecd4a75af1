import { z } from 'zod';

import { decodeCursor, EMPTY_PAGE, ID_CURSOR, pageOf } from '../../../src/storage/cursor-pages';

const encoded = (text: string) => Buffer.from(text).toString('base64url');
const refusal = (cursor: string) => {
  try {
    return decodeCursor(cursor, ID_CURSOR);
  } catch (error) {
    return (error as Error).message;
  }
};

describe('pageOf', () => {
  const page = (ids: readonly number[], first: number) =>
    pageOf(ids, first, (id) => id, (id) => ({ id })); // prettier-ignore

  it('has a next page when there is one row more than was asked for', () => {
    expect(page([1, 2, 3], 2)).toMatchObject({ edges: [{ node: { id: 1 } }, { node: { id: 2 } }], hasNextPage: true });
    expect(page([1, 2], 2).hasNextPage).toBe(false);
    expect(page([], 2)).toEqual(EMPTY_PAGE);
  });

  it('gives each row a cursor from which its sort key is read back', () => {
    const sortKey = ['Łampe "1"\u0007\t\\u0000 😀', 7] as const;
    const [{ cursor }] = pageOf([sortKey], 1, (key) => key, String).edges;
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor(cursor, z.tuple([z.string(), z.int()]))).toEqual(sortKey);
  });
});

describe('decodeCursor', () => {
  it.each(['', 'x', '%', encoded('"a"'), encoded('1.5'), encoded('99999999999'), encoded('[1]'), encoded('{"id":1}')])(
    'refuses %j, which is no cursor of this list',
    (cursor) => {
      expect(refusal(cursor)).toBe(
        `after: expected a cursor from an earlier page of this list, got ${JSON.stringify(cursor)}`,
      );
    },
  );

  it.each(['"\\u0000"', '"a\\uD800"', '"\\udc00b"'])('refuses %s, which no database takes', (text) => {
    expect(() => decodeCursor(encoded(text), z.string())).toThrow(/^after: expected a cursor/);
  });
});
