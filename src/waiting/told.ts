/** Says what is waited for, when it takes longer than people watch a program that says nothing. */
const TELL_AFTER_MS = 1_000;

/** @param tell - Called at most once, while the promise is still open. */
export function told<T>(promise: Promise<T>, tell: () => void): Promise<T> {
  const timer = setTimeout(tell, TELL_AFTER_MS);
  return promise.finally(() => clearTimeout(timer));
}
