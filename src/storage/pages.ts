/** Pages by key: a cursor is the sort key of the row that it points at, opaque to whoever carries it. */
import { GraphQLError } from 'graphql';
import { type ZodType, z } from 'zod';

import type { Page } from '../../graphql/common/records';

export function encodeCursor(sortKey: unknown): string {
  return Buffer.from(JSON.stringify(sortKey)).toString('base64url');
}

/**
 * @param sortKey - The shape that this list's cursors have.
 * @throws {GraphQLError} `BAD_USER_INPUT`, when the cursor is not one of this list's.
 */
export function decodeCursor<T>(cursor: string, sortKey: ZodType<T>): T {
  const parsed = sortKey.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new GraphQLError(`after: expected a cursor from an earlier page of this list, got ${JSON.stringify(cursor)}`, {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

/** The sort key of lists in the order of their ids. */
export const ID_CURSOR = z.int();

/**
 * @param rows - Up to `first + 1` rows in the list's order: one more than asked for says that there is a next page.
 */
export function pageOf<Row, T>(
  rows: readonly Row[],
  first: number,
  sortKeyOf: (row: Row) => unknown,
  nodeOf: (row: Row) => T,
): Page<T> {
  return {
    edges: rows.slice(0, first).map((row) => ({ node: nodeOf(row), cursor: encodeCursor(sortKeyOf(row)) })),
    hasNextPage: rows.length > first,
  };
}

export const EMPTY_PAGE: Page<never> = { edges: [], hasNextPage: false };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
