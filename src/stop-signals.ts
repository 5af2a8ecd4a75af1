/** SIGINT and SIGTERM: the first one asks the program to stop, a later one ends it at once. */

/** One Ctrl-C may come twice: from the terminal, and from npm, which passes it on. */
const SAME_PRESS_MS = 1_000;

export function onStopSignals(stop: () => void): void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let firstAt: number | null = null;
  const receive = (signal: NodeJS.Signals) => {
    if (firstAt === null) {
      firstAt = performance.now();
      stop();
    } else if (performance.now() - firstAt > SAME_PRESS_MS) {
      for (const name of signals) process.off(name, receive);
      process.kill(process.pid, signal);
    }
  };
  for (const name of signals) process.on(name, receive);
}
