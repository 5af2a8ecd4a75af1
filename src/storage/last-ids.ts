/** The greatest ids, and what they tell: whether a database has the demo shop alone. */
import type { Transaction } from './transaction';

const NEWEST = { orderBy: { id: 'desc' }, select: { id: true } } as const;

interface Numbered {
  findFirst(query: typeof NEWEST): Promise<{ readonly id: number } | null>;
}

/** @returns A function that gives the greatest id, of removed items too; 0 when there are no rows. */
const lastIdIn =
  (table: 'item' | 'interaction' | 'user' | 'progressEvent' | 'erasure') => async (client: Transaction) =>
    (await (client[table] as unknown as Numbered).findFirst(NEWEST))?.id ?? 0;

export const lastItemId = lastIdIn('item');
export const lastInteractionId = lastIdIn('interaction');
export const lastUserId = lastIdIn('user');
export const lastProgressEventId = lastIdIn('progressEvent');
/** The number of the last erasure of a user. */
export const lastErasureId = lastIdIn('erasure');

/** An id below all others. */
const NEVER = -1;

/**
 * Rows that came after the demo shop have greater ids. Only users are ever deleted, with their interactions: see `rememberOtherRows`.
 *
 * @returns Null while the demo shop is being loaded.
 */
export async function hasDemoAlone(client: Transaction): Promise<boolean | null> {
  const demo = await client.demoShop.findFirst();
  if (demo === null || demo.lastUserId === NEVER) return false;
  if (!demo.isComplete) return null;
  const last = await Promise.all([lastUserId(client), lastItemId(client), lastInteractionId(client)]);
  const ofDemo = [demo.lastUserId, demo.lastItemId, demo.lastInteractionId];
  return last.every((id, i) => id <= ofDemo[i]);
}

/** Call it before users or interactions are deleted: a database that has others than the demo's stays one that had them. */
export async function rememberOtherRows(transaction: Transaction): Promise<void> {
  if ((await hasDemoAlone(transaction)) !== false) return;
  await transaction.demoShop.updateMany({ where: { lastUserId: { not: NEVER } }, data: { lastUserId: NEVER } });
}
