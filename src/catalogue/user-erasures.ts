/** `eraseUsers`: deletes users with all that they did. */
import type { EraseUsersPayload } from '../../graphql/user/types';
import type { PrismaClient, User } from '../../prisma/generated/sqlite/client';
import { readByKeys } from '../storage/bulk-reads';
import { countingChanged } from '../storage/item-counts';
import { rememberOtherRows } from '../storage/last-ids';
import type { Transaction } from '../storage/transaction';
import { usersNamed } from '../storage/user-rows';
import { type CatalogueServices, INTERACTIONS_PER_TRANSACTION } from './changes';

type ErasureServices = Pick<CatalogueServices, 'database' | 'onInteractions'>;

/**
 * Erases 1 to 1,000 users. The answer names IDs that no user has, and that is no mistake: so a call can be repeated. A user's row goes
 * last, so an erasure that was cut off goes on where it stopped. What is recorded of such a user afterwards makes a new one.
 */
export async function eraseUsers(
  services: ErasureServices,
  externalIds: readonly string[],
): Promise<EraseUsersPayload> {
  const ids = [...new Set(externalIds)];
  const erased = new Set<string>();
  let erasedInteractions = 0;
  for (const { externalId, id } of await withVisitors(services.database.read, ids)) {
    const { interactions, isErased } = await eraseUser(services, id);
    erasedInteractions += interactions;
    if (isErased) erased.add(externalId);
  }
  const unknownExternalIds = ids.filter((id) => !erased.has(id));
  const erasedExternalIds = [...new Set([...ids.filter((id) => erased.has(id)), ...erased])];
  return { erasedExternalIds, unknownExternalIds, erasedInteractions, userErrors: [] };
}

/** @returns The users, after the visitors who were identified as them: an erasure that was cut off finds them again. */
async function withVisitors(read: PrismaClient, externalIds: readonly string[]): Promise<User[]> {
  const users = [...(await usersNamed(read, externalIds)).values()];
  const visitors = await readByKeys(
    users.map(({ id }) => id),
    (some) => read.user.findMany({ where: { identifiedId: { in: some } } }),
  );
  const ofUsers = new Map([...visitors, ...users].map((user) => [user.id, user]));
  return [...ofUsers.values()];
}

/** @returns How many interactions went, and whether the user went too; false: another call has erased the user meanwhile. */
async function eraseUser({ database, onInteractions }: ErasureServices, userId: number) {
  for (let interactions = 0; ;) {
    const { itemIds, isLast, isErased } = await database.write((transaction) => erasePart(transaction, userId));
    await onInteractions(itemIds);
    interactions += itemIds.length;
    if (isLast) return { interactions, isErased };
  }
}

interface ErasedPart {
  /** The item of each erased interaction. */
  readonly itemIds: readonly number[];
  /** Whether nothing is left of the user. */
  readonly isLast: boolean;
  readonly isErased: boolean;
}

async function erasePart(transaction: Transaction, userId: number): Promise<ErasedPart> {
  await rememberOtherRows(transaction);
  const rows = await transaction.interaction.findMany({
    where: { userId },
    select: { id: true, itemId: true },
    orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }], // the order of an index
    take: INTERACTIONS_PER_TRANSACTION,
  });
  const itemIds = rows.map(({ itemId }) => itemId);
  const ids = rows.map(({ id }) => id);
  const { interaction } = transaction;
  await countingChanged(transaction, ids, () => interaction.deleteMany({ where: { id: { in: ids } } }));
  const isLast = rows.length < INTERACTIONS_PER_TRANSACTION;
  return { itemIds, isLast, isErased: isLast && (await eraseRow(transaction, userId)) };
}

/** @returns Whether there was such a user. */
async function eraseRow(transaction: Transaction, userId: number): Promise<boolean> {
  const { count } = await transaction.user.deleteMany({ where: { id: userId } }); // with feedback and dismissals
  if (count > 0) await transaction.erasure.create({});
  return count > 0;
}
