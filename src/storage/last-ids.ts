/** The greatest ids. Each is one step in the index: Prisma's `_max` reads the whole table. */
import type { Transaction } from './transaction';

const NEWEST = { orderBy: { id: 'desc' }, select: { id: true } } as const;

/** @returns The greatest id of an item, removed ones too; 0 when there are none. */
export async function lastItemId(client: Transaction): Promise<number> {
  return (await client.item.findFirst(NEWEST))?.id ?? 0;
}

/** @returns 0 when there are none. */
export async function lastInteractionId(client: Transaction): Promise<number> {
  return (await client.interaction.findFirst(NEWEST))?.id ?? 0;
}

/** @returns 0 when there are none. */
export async function lastUserId(client: Transaction): Promise<number> {
  return (await client.user.findFirst(NEWEST))?.id ?? 0;
}

/** @returns Of the stored progress of trainings; 0 when there is none. */
export async function lastProgressEventId(client: Transaction): Promise<number> {
  return (await client.progressEvent.findFirst(NEWEST))?.id ?? 0;
}

/** @returns The number of the last erasure of a user; 0 before the first. */
export async function lastErasureId(client: Transaction): Promise<number> {
  return (await client.erasure.findFirst(NEWEST))?.id ?? 0;
}
