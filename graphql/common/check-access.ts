/** Who may call a field. Each role may do what the roles before it may do, and more. */
import { GraphQLError, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import type { AuthCheckerFn } from 'type-graphql';

import type { CallerRole } from '../api-key/records';
import type { Context } from '../context';
import type { ItemRecord } from '../item/records';

/**
 * The access that a field needs: at least this role. `STOREFRONT` beside a role lets storefront tokens in too: the resolver then
 * looks at their user. `USER`, for fields of a user: that the caller may see this user.
 */
export type Need = CallerRole | 'USER';

const RANK: Readonly<Record<CallerRole, number>> = { ANONYMOUS: 0, STOREFRONT: 1, READER: 2, WRITER: 3, ADMIN: 4 };

/** @throws {GraphQLError} `FORBIDDEN`; the message names the field, the role that it needs and the role of the caller. */
export const checkAccess: AuthCheckerFn<Context, Need> = ({ context, info, root }, [need, ...others]) => {
  if (need === 'USER') return maySeeUser(context, root as { readonly externalId: string }) || refuse(info, context);
  if (RANK[context.role] >= RANK[need] || others.includes(context.role)) return true;
  return refuse(info, context, need);
};

/** Whether the caller may see this user: with a key every one, with a storefront token the user that it names. */
export function maySeeUser(context: Context, { externalId }: { readonly externalId: string }): boolean {
  const { role, caller } = context;
  return isReader(context) || (role === 'STOREFRONT' && caller.userExternalId === externalId);
}

/** Whether the caller reads all of the shop: with a key, or where reading is open to all. Others see no sales and no removed items. */
export function isReader({ role }: Pick<Context, 'role'>): boolean {
  return RANK[role] >= RANK.READER;
}

/** @returns Null for an item that the caller may not see. */
export function visibleItem(item: ItemRecord | null, context: Pick<Context, 'role'>): ItemRecord | null {
  return item?.removedAt != null && !isReader(context) ? null : item;
}

/** @returns The text as it is for callers with a key, or where reading is open to all: it may tell of the server's machines. */
export function visibleFault(fault: string | null, context: Pick<Context, 'role'>): string | null {
  return fault === null || isReader(context) ? fault : 'Callers with a key see why.';
}

/**
 * Lets callers pass who may see at least one user. It asks nothing of the database, so that nobody learns who is in it.
 *
 * @throws {GraphQLError} `FORBIDDEN`.
 */
export function needsSomeUser(context: Context, fieldName: string): void {
  if (RANK[context.role] < RANK.STOREFRONT) refuse({ fieldName }, context);
}

/** @throws {GraphQLError} `FORBIDDEN` for a storefront token that is not for all of these users. */
export function needsOwnUser({ caller }: Context, fieldName: string, userExternalIds: readonly string[]): void {
  const { userExternalId } = caller;
  if (userExternalId === null || userExternalIds.every((externalId) => externalId === userExternalId)) return;
  const message = `${fieldName}: expected the token's own user, got another one; send what concerns a user with that user's token`;
  throw new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });
}

/** @throws {GraphQLError} `FORBIDDEN`, when the caller has less than this role. */
export function needsRole(need: CallerRole, context: Context, fieldName: string): void {
  if (RANK[context.role] < RANK[need]) refuse({ fieldName }, context, need);
}

function refuse(
  { fieldName, fieldNodes, path }: Pick<GraphQLResolveInfo, 'fieldName'> & Partial<GraphQLResolveInfo>,
  { role, caller }: Context,
  needed: CallerRole = 'READER',
): never {
  const message = `${fieldName}: ${expectedRole(needed, role, caller.key !== null)}`;
  // graphql-js makes a second error, and reads the stack of the first, of one that does not say where it belongs.
  const place = path && { nodes: fieldNodes, path: responsePathAsArray(path) };
  throw new GraphQLError(message, { ...place, extensions: { code: 'FORBIDDEN' } });
}

/** @returns The message for a caller whose role is too low. Where reading is open, a caller without a key has a role too. */
export function expectedRole(needed: CallerRole, role: CallerRole, hasKey: boolean): string {
  const withoutKey = role === 'STOREFRONT' ? 'a storefront token' : 'no key';
  return `expected a key of role ${needed}, got ${hasKey ? `role ${role}` : withoutKey}; an admin makes one with createApiKey`;
}
