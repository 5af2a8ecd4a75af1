/** Waits for an answer, but not for ever. */
import { setTimeout } from 'node:timers/promises';

/** @returns What the promise gives, or `instead` when that takes longer. The process may end meanwhile. */
export function within<T, I>(timeoutMs: number, promise: Promise<T>, instead: I): Promise<T | I> {
  return Promise.race([promise, setTimeout(timeoutMs, instead, { ref: false })]);
}
