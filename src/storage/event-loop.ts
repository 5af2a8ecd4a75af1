/** Gives the event loop its turns: a SQLite driver answers at once, so that a chain of queries never would, and loops are long. */
import { setImmediate } from 'node:timers/promises';

import type { SqlDriverAdapter, SqlQueryable, Transaction } from '@prisma/driver-adapter-utils';

/** How long queries may follow one another. */
const MAX_HOLD_MS = 5;

let lastTurn = performance.now();

async function turn(): Promise<void> {
  if (performance.now() - lastTurn < MAX_HOLD_MS) return;
  await setImmediate();
  lastTurn = performance.now();
}

/** A look at the clock costs as much as a small entry. */
const ENTRIES_A_LOOK = 64;

/** Visits many entries in their order, and lets others have their turns meanwhile. */
export async function inTurns<T>(entries: Iterable<T>, visit: (entry: T, index: number) => void): Promise<void> {
  let index = 0;
  for (const entry of entries) {
    visit(entry, index++);
    if (index % ENTRIES_A_LOOK === 0) await turn();
  }
}

/** @returns The connection, of which every query first lets others have their turn when one is due. */
export function withTurns<T extends SqlDriverAdapter>(connection: T): T {
  const startTransaction = connection.startTransaction.bind(connection);
  return Object.assign(turning(connection), {
    startTransaction: async (level?: Parameters<typeof startTransaction>[0]): Promise<Transaction> =>
      turning(await startTransaction(level)),
  });
}

function turning<T extends SqlQueryable>(queryable: T): T {
  const [queryRaw, executeRaw] = [queryable.queryRaw.bind(queryable), queryable.executeRaw.bind(queryable)];
  return Object.assign(queryable, {
    queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
      await turn();
      return queryRaw(query);
    },
    executeRaw: async (query: Parameters<typeof executeRaw>[0]) => {
      await turn();
      return executeRaw(query);
    },
  });
}
