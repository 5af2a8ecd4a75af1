#!/usr/bin/env node
/** The program: runs the command that its arguments name, and stops it on a signal. */
import './check-node';

import { runCommandLine } from './commands/command-line';
import { readConfig } from './config';
import { endAfter, MAX_END_MS, onStopSignals } from './process/stop-signals';

// Databases, checkpoints and exports have the histories of customers: they are not for every user of the machine.
process.umask(process.umask() | 0o007);

// A log that nobody reads any more, such as that of a pipe, must not end a server, which then could not store what it has.
process.stderr.on('error', () => undefined);
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return; // the reader has what it wanted
  process.stderr.write(`tigerql: stdout: expected to keep the result, got ${code}\n`);
  process.exitCode = 1;
});

/** Whoever only names the program gets the server. */
const args = process.argv.length > 2 ? process.argv.slice(2) : ['serve'];
const controller = new AbortController();
onStopSignals(stop);

void runCommandLine(args, {
  config: readConfig,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: controller.signal,
}).then((exitCode) => (process.exitCode ||= exitCode));

/** A command may wait for what never comes, such as a file of a machine that has vanished. A server has a limit of its own. */
function stop(): void {
  if (args[0] !== 'serve') endAfter(MAX_END_MS, (text) => process.stderr.write(text));
  controller.abort();
}
