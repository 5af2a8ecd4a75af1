/** `exportUser`: all that the database keeps of a user, for the user to read. */
import { storefrontName } from '../../graphql/audit/audit-mutations';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';

const OF_ITEM = { item: { select: { externalId: true } } } as const;
const OLDEST_FIRST = { at: 'asc' } as const;

/**
 * Names items and users by the shop's own IDs, and leaves out numbers of rows.
 *
 * @returns Plain data, oldest rows first; null: there is no such user.
 */
export async function exportUser(client: PrismaClient, externalId: string): Promise<object | null> {
  const user = await client.user.findUnique({ where: { externalId } });
  if (user === null) return null;
  const where = { userId: user.id };
  const [interactions, lists, feedback, dismissals, arms, visitors, auditLog] = await Promise.all([
    client.interaction.findMany({
      where,
      select: { ...OF_ITEM, kind: true, rating: true, occurredAt: true, eventId: true },
      orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }],
    }),
    client.list.findMany({ where, select: { key: true, placement: true, madeAt: true }, orderBy: { madeAt: 'asc' } }),
    client.feedback.findMany({
      where,
      omit: { id: true, itemId: true, userId: true },
      include: OF_ITEM,
      orderBy: OLDEST_FIRST,
    }),
    client.dismissal.findMany({ where, select: { ...OF_ITEM, at: true }, orderBy: OLDEST_FIRST }),
    client.armUser.findMany({
      where,
      omit: { armId: true, userId: true },
      include: { arm: { select: { name: true, experiment: { select: { placement: true, startedAt: true } } } } },
      orderBy: { armId: 'asc' },
    }),
    client.user.findMany({ where: { identifiedId: user.id }, select: { externalId: true, identifiedAt: true } }),
    client.auditEntry.findMany({
      where: { role: 'STOREFRONT', caller: storefrontName(externalId) },
      select: { at: true, mutation: true, input: true, outcome: true },
      orderBy: { id: 'asc' },
    }),
  ]);
  return {
    externalId,
    armKey: user.armKey,
    interactions: interactions.map(withItemId),
    lists,
    feedback: feedback.map(withItemId),
    dismissals: dismissals.map(withItemId),
    arms,
    visitors,
    auditLog,
  };
}

function withItemId<T extends { readonly item: { readonly externalId: string } }>({ item, ...row }: T) {
  return { item: item.externalId, ...row };
}
