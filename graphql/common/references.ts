/** References to items and users: the shop's own ID, or the global one. They become rows in one query for a whole list. */
import type { Context } from '../context';
import { shown } from './errors';
import { NO_ROW, type Rows, rowOf, WORDING } from './global-id';
import { MAX_ID } from './limits';
import type { NamedRow, UserErrorRecord } from './records';
import type { Reference } from './types';

/** The path of reference i in the input. */
type PathOf = (index: number) => readonly (string | number)[];

type Named = 'Item' | 'User';

/** A visitor is a user whose external ID begins so, and has all that users have. */
const VISITOR = 'visitor/';
/** Characters of the ID that the shop gives a visitor. */
export const MAX_VISITOR = MAX_ID - VISITOR.length;

/** @param visitor - As the shop names it. */
export function visitorExternalId(visitor: string): string {
  return VISITOR + visitor;
}

export function isVisitor(externalId: string): boolean {
  return externalId.startsWith(VISITOR);
}

/**
 * @returns One row for each reference, which is `NO_ROW` for those with a user error. Whether there is a row for a global ID, the service
 *   says that reads it.
 */
export async function rowsOf(
  type: Named,
  references: readonly Reference[],
  { catalogue }: Pick<Context, 'catalogue'>,
  pathOf: PathOf,
): Promise<Rows> {
  const externalIds = references.flatMap(({ externalId }) => externalId ?? []);
  const found = externalIds.length === 0 ? [] : await catalogue.namedRows(type, { externalIds });
  const byExternalId = new Map(found.map(({ id, externalId }) => [externalId, id]));
  return collect(type, references, pathOf, NO_ROW, ({ id, externalId }) =>
    externalId === undefined ? rowOf(type, id!) : byExternalId.get(externalId),
  );
}

/** @returns The external ID of each reference; an empty text for those with a user error. An external ID is taken as it is. */
export async function externalIdsOf(
  type: Named,
  references: readonly Reference[],
  { catalogue }: Pick<Context, 'catalogue'>,
  pathOf: PathOf,
): Promise<{ readonly externalIds: readonly string[]; readonly userErrors: readonly UserErrorRecord[] }> {
  const ids = references.flatMap(({ id }) => (id === undefined ? [] : (rowOf(type, id) ?? [])));
  const found: readonly NamedRow[] = ids.length === 0 ? [] : await catalogue.namedRows(type, { ids });
  const byId = new Map(found.map(({ id, externalId }) => [id, externalId]));
  const { rows: externalIds, userErrors } = collect(type, references, pathOf, '', ({ id, externalId }) =>
    externalId === undefined ? byId.get(rowOf(type, id!) ?? NO_ROW) : externalId,
  );
  return { externalIds, userErrors };
}

function collect<T>(
  type: Named,
  references: readonly Reference[],
  pathOf: PathOf,
  none: T,
  find: (reference: Reference) => T | null | undefined,
) {
  const found = references.map(find);
  const userErrors = references.flatMap(({ id, externalId }, index) => {
    if (found[index] !== null && found[index] !== undefined) return [];
    const field = pathOf(index).map(String);
    const message = `${field.join('.')}: expected ${WORDING[type]} that there is, got ${shown(externalId ?? id)}`;
    return [{ code: 'NOT_FOUND' as const, message, field }];
  });
  return { rows: found.map((row) => row ?? none), userErrors };
}
