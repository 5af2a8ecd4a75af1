/** Waits for an answer, but not for ever. */

/** @returns What the promise gives, or `instead` when that takes longer. The process may end meanwhile. */
export function within<T, I>(timeoutMs: number, promise: Promise<T>, instead: I): Promise<T | I> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, timeoutMs, instead).unref();
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
