/**
 * SIGINT and SIGTERM: the first one asks the program to stop, the next one of any kind ends it at once, by SIGKILL (for a shell
 * exit code 137). Every softer end would stop threads that are inside ONNX Runtime, which aborts the process with a core dump.
 * What was acknowledged is in the database's log by then.
 */

/** One Ctrl-C may come twice: from the terminal, and from npm, which passes the same signal on. */
const SAME_PRESS_MS = 1_000;

export function onStopSignals(stop: () => void): void {
  let first: { readonly name: NodeJS.Signals; readonly at: number } | null = null;
  const receive = (name: NodeJS.Signals) => {
    if (first === null) {
      first = { name, at: performance.now() };
      stop();
    } else if (name !== first.name || performance.now() - first.at > SAME_PRESS_MS) {
      process.kill(process.pid, 'SIGKILL');
    }
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, receive);
}
