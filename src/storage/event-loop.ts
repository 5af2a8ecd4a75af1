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
  /** What all wait for that are due to yield. */
  private turn: Promise<void> | null = null;

  /** @param now - Milliseconds; only differences count. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.lastYieldMs = now();
  }

  yieldWhenDue(): Promise<void> {
    return this.run(() => undefined);
  }

  /**
   * Yields when that is due, and then does the work, which holds the event loop. Those that wait together go on in their order, and as
   * many wait again as do not fit into the next turn; one does in any case.
   */
  async run<T>(work: () => T): Promise<Awaited<T>> {
    while (this.now() - this.lastYieldMs >= MAX_HOLD_MS) {
      const isFirst = this.turn === null;
      await (this.turn ??= this.nextTurn());
      if (isFirst) break;
    }
    return await work();
  }

  private async nextTurn(): Promise<void> {
    await setImmediate();
    this.turn = null;
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
    queryRaw: (query: Parameters<typeof queryRaw>[0]) => yielder.run(() => queryRaw(query)),
    executeRaw: (query: Parameters<typeof executeRaw>[0]) => yielder.run(() => executeRaw(query)),
  });
}
