import { z } from 'zod';

import { cursorsOf, decodeCursor, idCursorsOf } from '../../../src/storage/cursor-pages';

const encoded = (text: string) => Buffer.from(text).toString('base64url');
const ROWS = idCursorsOf('rows');
const refusal = (cursor: string) => {
  try {
    return decodeCursor(cursor, ROWS);
  } catch (error) {
    return (error as Error).message;
  }
};

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
