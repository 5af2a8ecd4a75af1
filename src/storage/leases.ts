/**
 * Leases: what only one process may do at a time, such as a training job. A lease ends when its holder does not prolong it. Each holder
 * gets a higher number (the fence) than the one before, and each of its writes checks that the row still has it. So a former holder
 * that wakes up can write nothing.
 *
 * All times are the database's, so the clocks of the servers may differ.
 */
import { hostname } from 'node:os';

import { pause } from '../waiting/polling';
import type { Database } from './database';
import { NewerTablesError } from './database-error';
import { databaseTime, type Transaction } from './transaction';

export interface Lease {
  readonly name: string;
  readonly fence: number;
}

/** Another process has the lease now, or what it was for has ended. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export interface LeaseTimes {
  /** A lease that is not prolonged ends after this time. */
  readonly durationMs: number;
  readonly prolongEveryMs: number;
}

/** A killed holder is missed after 9 to 10 seconds. One whose job was cancelled learns of it when it prolongs. */
export const LEASE_TIMES: LeaseTimes = { durationMs: 10_000, prolongEveryMs: 1_000 };

/** When a lease ends that its holder has given back. */
const GIVEN_BACK = new Date(0);

const HOLDER = `${hostname()}:${process.pid}`;

/**
 * Call it in `Database.write`: of two that take it at the same moment, the later one sees the other.
 *
 * @returns Null while another process holds it.
 */
export async function takeLease(
  transaction: Transaction,
  name: string,
  { durationMs }: LeaseTimes = LEASE_TIMES,
): Promise<Lease | null> {
  const now = await databaseTime(transaction);
  const held = await transaction.lease.findUnique({ where: { name } });
  if (held !== null && held.expiresAt > now) return null;
  const fence = (held?.fence ?? 0) + 1;
  const data = { fence, holder: HOLDER, expiresAt: after(now, durationMs) };
  await transaction.lease.upsert({ where: { name }, create: { name, ...data }, update: data });
  return { name, fence };
}

/** @returns Whether the last holder has neither given the lease back nor prolonged it: its process was killed, or hangs. */
export async function isAbandoned(transaction: Transaction, name: string): Promise<boolean> {
  const held = await transaction.lease.findUnique({ where: { name } });
  if (held === null || held.expiresAt.getTime() === GIVEN_BACK.getTime()) return false;
  return held.expiresAt <= (await databaseTime(transaction));
}

/**
 * Prolongs a lease. Call it first in each transaction that only the holder may commit: until its end nobody else can take the lease.
 *
 * @throws {LeaseLostError} When the lease is another's, or was given back. A lease that has only run out is prolonged.
 */
export async function holdLease(
  transaction: Transaction,
  { name, fence }: Lease,
  { durationMs }: LeaseTimes = LEASE_TIMES,
): Promise<void> {
  const expiresAt = after(await databaseTime(transaction), durationMs);
  const isOwn = { name, fence, expiresAt: { not: GIVEN_BACK } };
  const { count } = await transaction.lease.updateMany({ where: isOwn, data: { expiresAt } });
  if (count === 0)
    throw new LeaseLostError(`lease ${name}: expected to hold it with number ${fence}, got another holder or none`);
}

/** Lets others take it at once. What it is for goes on. */
export async function releaseLease(transaction: Transaction, { name, fence }: Lease): Promise<void> {
  await transaction.lease.updateMany({ where: { name, fence }, data: { expiresAt: GIVEN_BACK } });
}

/** Ends a lease, whoever holds it, since what it was for has ended: nobody may take one of that name again. */
export async function endLease(transaction: Transaction, name: string): Promise<void> {
  await transaction.lease.deleteMany({ where: { name } });
}

/** @returns Those of the names that a process could take now. */
export async function freeLeases(database: Database, names: readonly string[]): Promise<string[]> {
  return database.writeAside(async (transaction) => {
    const now = await databaseTime(transaction);
    const rows = await transaction.lease.findMany({ where: { name: { in: [...names] } } });
    const held = new Set(rows.filter(({ expiresAt }) => expiresAt > now).map(({ name }) => name));
    return names.filter((name) => !held.has(name));
  });
}

export interface KeptLease {
  /** Stops prolonging the lease. Its loss is not reported any more. */
  dispose(): void;
}

/** Prolongs a lease at intervals until it is disposed or lost. A database that does not answer is asked again. */
export function keepLease(
  database: Pick<Database, 'writeAside'>,
  lease: Lease,
  { times = LEASE_TIMES, onLost }: { readonly times?: LeaseTimes; readonly onLost: (error: Error) => void },
): KeptLease {
  const end = new AbortController();
  const keep = async () => {
    while (!end.signal.aborted) {
      await pause(times.prolongEveryMs, end.signal);
      if (end.signal.aborted) return;
      try {
        await database.writeAside((transaction) => holdLease(transaction, lease, times));
      } catch (error) {
        if (isLoss(error) && !end.signal.aborted) return onLost(error);
      }
    }
  };
  void keep();
  return { dispose: () => end.abort() };
}

/** A process of an older version can prolong no lease any more, so that another one takes it. */
function isLoss(error: unknown): error is Error {
  return error instanceof LeaseLostError || error instanceof NewerTablesError;
}

/**
 * Runs `work` while no other process does. One that loses the lease meanwhile goes on, so the work must do no harm when two do it.
 *
 * @returns `ELSEWHERE` when another process has the lease.
 */
export async function underLease<T>(
  database: Database,
  name: string,
  work: () => Promise<T>,
): Promise<T | 'ELSEWHERE'> {
  const lease = await database.write((transaction) => takeLease(transaction, name));
  if (lease === null) return 'ELSEWHERE';
  const kept = keepLease(database, lease, { onLost: () => undefined });
  try {
    return await work();
  } finally {
    kept.dispose();
    // Where it cannot be given back, it runs out.
    await database.write((transaction) => releaseLease(transaction, lease)).catch(() => undefined);
  }
}

function after(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}
