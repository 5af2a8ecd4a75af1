/**
 * Yields to the event loop while much is done at once. A SQLite driver answers at once: without a yield, a chain of queries
 * would keep all others waiting until its end, as a long loop does.
 */
import { setImmediate } from 'node:timers/promises';

import type { SqlDriverAdapter, SqlQueryable, Transaction } from '@prisma/driver-adapter-utils';

/** How long queries may follow one another without a yield. */
const MAX_HOLD_MS = 5;

/** Knows when the event loop was last free, and so when a yield is due. */
export class Yielder {
  private lastYieldMs: number;

  /** @param now - Milliseconds; only differences count. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.lastYieldMs = now();
  }

  async yieldWhenDue(): Promise<void> {
    if (this.now() - this.lastYieldMs < MAX_HOLD_MS) return;
    await setImmediate();
    this.lastYieldMs = this.now();
  }
}

/** One for the whole process, since all share one event loop. */
const PROCESS_YIELDER = new Yielder();

/** Reading the clock costs as much as a small entry. */
const ENTRIES_PER_LOOK = 64;

/** Visits many entries in their order, and yields to the event loop now and then. */
export async function forEachYielding<T>(
  entries: Iterable<T>,
  visit: (entry: T, index: number) => void,
  yielder = PROCESS_YIELDER,
): Promise<void> {
  let index = 0;
  for (const entry of entries) {
    visit(entry, index++);
    if (index % ENTRIES_PER_LOOK === 0) await yielder.yieldWhenDue();
  }
}

/** @returns The same connection. Each of its queries first yields to the event loop when that is due. */
export function withYields<T extends SqlDriverAdapter>(connection: T, yielder = PROCESS_YIELDER): T {
  const startTransaction = connection.startTransaction.bind(connection);
  return Object.assign(yielding(connection, yielder), {
    startTransaction: async (level?: Parameters<typeof startTransaction>[0]): Promise<Transaction> =>
      yielding(await startTransaction(level), yielder),
  });
}

function yielding<T extends SqlQueryable>(queryable: T, yielder: Yielder): T {
  const [queryRaw, executeRaw] = [queryable.queryRaw.bind(queryable), queryable.executeRaw.bind(queryable)];
  return Object.assign(queryable, {
    queryRaw: async (query: Parameters<typeof queryRaw>[0]) => {
      await yielder.yieldWhenDue();
      return queryRaw(query);
    },
    executeRaw: async (query: Parameters<typeof executeRaw>[0]) => {
      await yielder.yieldWhenDue();
      return executeRaw(query);
    },
  });
}
