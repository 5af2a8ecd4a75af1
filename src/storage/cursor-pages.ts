/** Pages of lists. A cursor is the name of the list and the sort key of a row, encoded so that callers do not look into it. */
import { type ZodType, z } from 'zod';

import { badInput } from '../../graphql/common/errors';
import type { Page, PageArgs, TwoWayPageArgs } from '../../graphql/common/records';
import { isStorableText } from '../../graphql/common/storable-text';

/** The cursors of one list. Cursors of another list are refused, also where its sort keys look alike. */
export interface Cursors<Row, Key> {
  readonly list: string;
  readonly sortKeyOf: (row: Row) => Key;
  readonly content: ZodType<readonly [list: string, sortKey: Key]>;
}

/** @param sortKey - The shape of the list's sort keys. */
export function cursorsOf<Row, Key>(
  list: string,
  sortKey: ZodType<Key>,
  sortKeyOf: (row: Row) => Key,
): Cursors<Row, Key> {
  return { list, sortKeyOf, content: z.tuple([z.literal(list), sortKey]) };
}

/** Cursors of a list that is sorted by id. */
export function idCursorsOf(list: string): Cursors<{ readonly id: number }, number> {
  return cursorsOf(list, z.int32(), ({ id }) => id);
}

/** @returns The cursor of a row. */
export function encodeCursor<Row>({ list, sortKeyOf }: Cursors<Row, unknown>, row: Row): string {
  return Buffer.from(JSON.stringify([list, sortKeyOf(row)])).toString('base64url');
}

/** @throws {GraphQLError} `BAD_USER_INPUT` when the cursor is not of this list. */
export function decodeCursor<Key>(
  cursor: string,
  { content }: Pick<Cursors<never, Key>, 'content'>,
  argument: 'after' | 'before' = 'after',
): Key {
  const parsed = content.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data[1];
  const message = `${argument}: expected a cursor from an earlier page of this list, got ${JSON.stringify(cursor)}`;
  throw badInput({ path: [argument], message });
}

/** The part of a query that reads the rows of a page, the newest first, and the one row more that `pageOf` wants. */
export function newestFirst({ first, after }: PageArgs, cursors: ReturnType<typeof idCursorsOf>) {
  const where = after === null ? {} : { id: { lt: decodeCursor(after, cursors) } };
  return { where, orderBy: { id: 'desc' }, take: first + 1 } as const;
}

/**
 * @param rows - Up to `first + 1` rows in the list's order. One more than `first` means that there is a next page.
 */
export function pageOf<Row, T>(
  rows: readonly Row[],
  first: number,
  cursors: Cursors<Row, unknown>,
  nodeOf: (row: Row) => T,
): Page<T> {
  return {
    edges: rows.slice(0, first).map((row) => ({ node: nodeOf(row), cursor: encodeCursor(cursors, row) })),
    hasNextPage: rows.length > first,
  };
}

/** How a page is read: so many rows beyond the cursor, forwards or backwards. */
export function directionOf(page: TwoWayPageArgs) {
  if ('last' in page) return { count: page.last, cursor: page.before, isBackward: true };
  return { count: page.first, cursor: page.after, isBackward: false };
}

/**
 * @param rows - Up to one more than the page has, in the order in which they were read: of a page before a cursor the nearest first.
 */
export function twoWayPageOf<Row, T>(
  rows: readonly Row[],
  page: TwoWayPageArgs,
  cursors: Cursors<Row, unknown>,
  nodeOf: (row: Row) => T,
): Page<T> {
  const { count, cursor, isBackward } = directionOf(page);
  const { edges, hasNextPage: hasMore } = pageOf(rows, count, cursors, nodeOf);
  if (!isBackward) return { edges, hasNextPage: hasMore, hasPreviousPage: cursor !== null };
  return { edges: edges.toReversed(), hasNextPage: cursor !== null, hasPreviousPage: hasMore };
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
