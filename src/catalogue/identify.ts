/** `identify`: gives a user what a visitor did, once the shop knows that they are one person. */
import { userError } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import { isVisitor } from '../../graphql/common/references';
import type { IdentifyPayload } from '../../graphql/user/types';
import { joinArms } from '../feedback/arm-figures';
import { countingOutcomes, type Pair } from '../feedback/outcomes';
import { countingChanged } from '../storage/item-counts';
import { userRecord } from '../storage/records';
import { databaseTime, type Transaction } from '../storage/transaction';
import { createMissingUsers, usersNamed } from '../storage/user-rows';
import { type CatalogueServices, INTERACTIONS_PER_TRANSACTION } from './changes';

type IdentifyServices = Pick<CatalogueServices, 'database' | 'attributionMs' | 'onInteractions'>;

/**
 * Gives the interactions, lists, feedback and dismissals of a visitor to a user, with the event IDs that they have. Either is made where
 * there is none, so that lists which the visitor was shown are the user's too when feedback comes later. It can be repeated, and goes on
 * where it was cut off; of two calls at one time each row goes to one.
 */
export async function identify(
  { database, attributionMs, onInteractions }: IdentifyServices,
  visitorExternalId: string,
  userExternalId: string,
): Promise<IdentifyPayload> {
  const userErrors = errorsOf(userExternalId);
  if (userErrors.length > 0) return { user: null, joinedInteractions: 0, userErrors };
  for (let joinedInteractions = 0; ;) {
    const { user, itemIds } = await database.write(async (transaction) => {
      await createMissingUsers(transaction, [visitorExternalId, userExternalId]);
      const users = await usersNamed(transaction, [visitorExternalId, userExternalId]);
      const [visitor, user] = [users.get(visitorExternalId)!, users.get(userExternalId)!];
      return { user, itemIds: await join(transaction, attributionMs, visitor.id, user.id) };
    });
    await onInteractions(itemIds);
    joinedInteractions += itemIds.length;
    if (itemIds.length < INTERACTIONS_PER_TRANSACTION)
      return { user: userRecord(user), joinedInteractions, userErrors: [] };
  }
}

function errorsOf(userExternalId: string): UserErrorRecord[] {
  if (userExternalId.trim() !== '' && !isVisitor(userExternalId)) return [];
  return [userError('INVALID', `user: expected a user, got "${userExternalId}"`, 'user')];
}

/** @returns The item of each interaction that the user has got. */
async function join(
  transaction: Transaction,
  attributionMs: number,
  visitorId: number,
  userId: number,
): Promise<number[]> {
  const { interaction } = transaction;
  const rows = await interaction.findMany({
    where: { userId: visitorId },
    select: { id: true, itemId: true, kind: true },
    orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }], // the order of an index
    take: INTERACTIONS_PER_TRANSACTION,
  });
  const ids = rows.map(({ id }) => id);
  const shown = await shownPairs(transaction, visitorId, userId, rows);
  await countingOutcomes(transaction, attributionMs, { shown }, async () => {
    await countingChanged(transaction, ids, () =>
      interaction.updateMany({ where: { id: { in: ids } }, data: { userId } }),
    );
    await joinLists(transaction, visitorId, userId);
  });
  return rows.map(({ itemId }) => itemId);
}

/** @returns Items of either with the one and the other: a purchase of one may count for a list of the other afterwards. */
async function shownPairs(
  { feedback }: Transaction,
  visitorId: number,
  userId: number,
  rows: readonly { readonly itemId: number; readonly kind: string }[],
): Promise<Pair[]> {
  const shown = await feedback.findMany({ where: { userId: visitorId }, select: { itemId: true } });
  const purchased = rows.filter(({ kind }) => kind === 'PURCHASE');
  const itemIds = new Set([...shown, ...purchased].map(({ itemId }) => itemId));
  return [...itemIds].flatMap((itemId) => [visitorId, userId].map((id) => ({ userId: id, itemId })));
}

/** A dismissal that the user has too stays as it is. */
async function joinLists(transaction: Transaction, visitorId: number, userId: number): Promise<void> {
  const { list, feedback, dismissal, user } = transaction;
  const where = { userId: visitorId };
  const data = { userId };
  await joinArms(transaction, visitorId, userId);
  await list.updateMany({ where, data });
  await feedback.updateMany({ where, data });
  await dismissal.deleteMany({ where: { userId: visitorId, item: { dismissals: { some: { userId } } } } });
  await dismissal.updateMany({ where, data });
  await user.update({
    where: { id: visitorId },
    data: { identifiedId: userId, identifiedAt: await databaseTime(transaction) },
  });
}
