/**
 * npx passes a signal on to a shell, which ends and leaves the program that it has started to run on. Such a program gets
 * another parent then.
 */
const LOOK_EVERY_MS = 500;

/** @param stop - Called once, when the process that started this one has ended. */
export function onParentEnd(stop: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, LOOK_EVERY_MS);
  timer.unref();
}
