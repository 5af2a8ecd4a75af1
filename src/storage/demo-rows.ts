/** Whether a database has nothing but the demo shop, whose users and histories everybody may read. */
import { lastInteractionId, lastItemId, lastUserId } from './last-ids';
import type { Transaction } from './transaction';

/** Below all ids. */
const NEVER = -1;

/**
 * What came after the demo shop has a greater id. Only users are ever deleted, with their interactions: see `rememberOtherRows`.
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
