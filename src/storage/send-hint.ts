/** Tells the other processes that something is new; see `change-hints.ts`. */
import { CHANNEL } from './change-hints';
import { providerOf } from './database';
import type { Transaction } from './transaction';

/** Sends a hint when the transaction is committed. On SQLite the commit is the hint. */
export async function sendHint(transaction: Transaction, subject: 'catalogue' | 'training', id: number): Promise<void> {
  if (providerOf(transaction) === 'sqlite') return;
  await transaction.$queryRaw`SELECT CAST(pg_notify(${CHANNEL}, ${`${subject} ${id}`}) AS TEXT)`;
}
