/**
 * SIGINT and SIGTERM: the first one asks the program to stop, a later one of any kind ends it at once, by SIGKILL (for a shell
 * exit code 137). Every softer end would stop threads that are inside ONNX Runtime, which aborts the process with a core dump.
 * What was acknowledged is in the database's log by then.
 */

/** One Ctrl-C may come twice: from the terminal, and from npm, which passes it on. */
const SAME_PRESS_MS = 1_000;

export function onStopSignals(stop: () => void): void {
  let firstAt: number | null = null;
  const receive = () => {
    if (firstAt === null) {
      firstAt = performance.now();
      stop();
    } else if (performance.now() - firstAt > SAME_PRESS_MS) {
      process.kill(process.pid, 'SIGKILL');
    }
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, receive);
}
