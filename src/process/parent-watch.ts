/**
 * Notices the end of the parent process. npx passes a signal to a shell. The shell ends, but the program that it started runs on, and
 * gets another parent.
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
