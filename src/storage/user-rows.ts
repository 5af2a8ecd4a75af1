/** Rows of users, by the shop's own IDs. */
import { isStorableText } from '../../graphql/common/storable-text';
import type { User } from '../../prisma/generated/sqlite/client';
import { readByKeys } from './bulk-reads';
import { insertRows } from './bulk-rows';
import type { Transaction } from './transaction';

/** @returns External ID → row, of the users that there are. */
export async function usersNamed(client: Transaction, externalIds: readonly string[]): Promise<Map<string, User>> {
  // No user has an ID that no database can keep, and PostgreSQL refuses a query with one.
  const rows = await readByKeys([...new Set(externalIds)].filter(isStorableText), (some) =>
    client.user.findMany({ where: { externalId: { in: some } } }),
  );
  return new Map(rows.map((user) => [user.externalId, user]));
}

/** Makes those of the users that there are not. @returns How many. */
export async function createMissingUsers(transaction: Transaction, externalIds: readonly string[]): Promise<number> {
  const known = await usersNamed(transaction, externalIds);
  const missing = [...new Set(externalIds)].filter((externalId) => !known.has(externalId));
  await insertRows(
    transaction,
    'User',
    missing.map((externalId) => ({ externalId })),
  );
  return missing.length;
}
