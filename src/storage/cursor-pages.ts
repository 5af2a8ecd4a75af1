/** Pages of lists. A cursor is the sort key of a row, encoded so that callers do not look into it. */
import { type ZodType, z } from 'zod';

import { badInput } from '../../graphql/common/bad-input';
import type { Page, PageArgs } from '../../graphql/common/records';
import { isStorableText } from './storable-text';

function encodeCursor(sortKey: unknown): string {
  return Buffer.from(JSON.stringify(sortKey)).toString('base64url');
}

/**
 * @param sortKey - The shape of this list's sort keys.
 * @throws {GraphQLError} `BAD_USER_INPUT` when the cursor is not of this list.
 */
export function decodeCursor<T>(cursor: string, sortKey: ZodType<T>): T {
  const parsed = sortKey.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  const message = `after: expected a cursor from an earlier page of this list, got ${JSON.stringify(cursor)}`;
  throw badInput({ path: ['after'], message });
}

/** The sort key of lists that are sorted by id. */
export const ID_CURSOR = z.int32();

/** What a query needs to read the rows of a page, the newest first, and the one row more that `pageOf` wants. */
export function newestFirst({ first, after }: PageArgs) {
  const where = after === null ? {} : { id: { lt: decodeCursor(after, ID_CURSOR) } };
  return { where, orderBy: { id: 'desc' }, take: first + 1 } as const;
}

/**
 * @param rows - Up to `first + 1` rows in the list's order. One more than `first` means that there is a next page.
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

/** @returns Undefined when it is no JSON, or has text that no database takes, as a cursor that was made up may have. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, requireStorable);
  } catch {
    return undefined;
  }
}

function requireStorable(_: string, value: unknown): unknown {
  if (typeof value === 'string' && !isStorableText(value))
    throw new RangeError('text: expected no NUL and no half of a character');
  return value;
}
