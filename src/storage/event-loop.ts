/**
 * Yields to the event loop while much is done at once. A SQLite driver answers at once: without a yield, a chain of queries
 * would keep all others waiting until its end, as a long loop does.
 */
import { setImmediate } from 'node:timers/promises';

/** How long queries may follow one another without a yield. */
const MAX_HOLD_MS = 5;

/** Knows when the event loop was last free, and so when a yield is due. */
export class Yielder {
  private lastYieldMs: number;
  /** The next free moment of the event loop, shared by all that are due to yield. */
  private turn: Promise<void> | null = null;

  /** @param now - Milliseconds; only differences count. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.lastYieldMs = now();
  }

  yieldWhenDue(): Promise<void> {
    return this.run(() => undefined);
  }

  /**
   * Yields when that is due, and then does the work, which holds the event loop. Calls that wait together go on in their order; those that
   * do not fit into the next turn wait again, but one goes on in any case.
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

/** The part of a driver's client that answers at once. */
interface Executing<Statement> {
  execute(statement: Statement): Promise<unknown>;
}

/**
 * @returns The same client. Each of its statements first yields to the event loop when that is due. Queries that begin together wait for
 *   one another in front of the client, so that a yield before that would be none.
 */
export function withYields<Statement, T extends Executing<Statement>>(client: T, yielder = PROCESS_YIELDER): T {
  const execute = client.execute.bind(client);
  return Object.assign(client, { execute: (statement: Statement) => yielder.run(() => execute(statement)) });
}
