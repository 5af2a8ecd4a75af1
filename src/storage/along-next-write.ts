/** Stores something in the next transaction of other code, which need not know of it. */
import { AsyncLocalStorage } from 'node:async_hooks';

import type { Transaction } from './transaction';

/** What is to be stored, and what came of it. */
export interface Addition<A> {
  /** Runs at the end of a transaction, and again in the next one when that one fails. */
  readonly add: (transaction: Transaction) => Promise<A>;
  /** What `add` returned in the transaction that was committed; null: nothing is stored. */
  stored: A | null;
}

interface Pending extends Addition<unknown> {
  isOpen: boolean;
}

const pending = new AsyncLocalStorage<Pending>();
let inUse = 0;

/** Stores the addition in the first transaction that `run` commits: either both are stored or neither. */
export async function alongNextWrite<A, T>(addition: Addition<A>, run: () => Promise<T>): Promise<T> {
  const own: Pending = Object.assign(addition, { isOpen: true });
  inUse++;
  try {
    return await pending.run(own, run);
  } finally {
    // What `run` has started may go on for long, such as a training.
    own.isOpen = false;
    // Before Node 24, promises cost more in the whole process while the storage is in use.
    if (--inUse === 0) pending.disable();
  }
}

/** Runs a transaction with what is to be stored along with it. */
export async function withAddition<T>(transact: (add: (transaction: Transaction) => Promise<void>) => Promise<T>) {
  const own = pending.getStore();
  if (own === undefined || !own.isOpen) return transact(() => Promise.resolve());
  let added: unknown;
  const result = await transact(async (transaction) => void (added = await own.add(transaction)));
  own.stored = added;
  own.isOpen = false;
  return result;
}
