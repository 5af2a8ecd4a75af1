/**
 * SIGINT, SIGTERM and SIGHUP: the first one asks the program to stop, the next SIGINT or SIGTERM ends it at once, by SIGKILL (for a shell
 * exit code 137). Every softer end would stop threads that are inside ONNX Runtime, which aborts the process with a core dump.
 * All that was acknowledged is in the database's log by then.
 */

/** One Ctrl-C may come twice: from the terminal, and from npm, which passes it on, on a busy machine after seconds. */
const SAME_PRESS_MS = 3_000;

/**
 * For what a program still has to do when it is told to end, such as storing a training's state; a server has it after its last request.
 * With the server's default grace, a stop takes less than the 30 seconds that Kubernetes waits.
 */
export const MAX_END_MS = 15_000;

const endAtOnce = () => process.kill(process.pid, 'SIGKILL');

/**
 * Ends the program, unless it has ended by then: what it waits for, such as the answer of a database whose machine has vanished, may never
 * come.
 *
 * @returns What `clearTimeout` takes, once the program has stopped.
 */
export function endAfter(ms: number, tell: (text: string) => void): NodeJS.Timeout {
  const end = () => {
    tell(`tigerql: stop: expected all parts to end within ${ms} ms, one did not; ending at once\n`);
    endAtOnce();
  };
  return setTimeout(end, ms).unref();
}

/**
 * A terminal that closes sends SIGHUP, and the system may send SIGTERM with it: nobody has pressed twice then, so it only asks to stop.
 * `nohup` does not keep it away: Node makes signals deadly again that it was started to ignore.
 */
export function onStopSignals(stop: () => void): void {
  let first: { readonly name: NodeJS.Signals; readonly at: number } | null = null;
  let isStopping = false;
  const stopOnce = () => {
    if (!isStopping) stop();
    isStopping = true;
  };
  const receive = (name: NodeJS.Signals) => {
    if (first === null) {
      first = { name, at: performance.now() };
      stopOnce();
    } else if (name !== first.name || performance.now() - first.at > SAME_PRESS_MS) {
      endAtOnce();
    }
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, receive);
  process.on('SIGHUP', stopOnce);
}
