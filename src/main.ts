#!/usr/bin/env node
/** The program: runs the command that its arguments name, and stops it on a signal. */
import './check-node';

import { runCommandLine } from './commands/command-line';
import { isStartedByNpm, readConfig } from './config';
import { onParentEnd } from './process/parent-watch';
import { onStopSignals } from './process/stop-signals';

// Databases, checkpoints and exports have the histories of customers: they are not for every user of the machine.
process.umask(process.umask() | 0o007);

// A log that nobody reads any more, such as that of a pipe, must not end a server, which then could not store what it has.
process.stderr.on('error', () => undefined);
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return; // the reader has what it wanted
  process.stderr.write(`tigerql: stdout: expected to keep the result, got ${code}\n`);
  process.exitCode = 1;
});

const controller = new AbortController();
onStopSignals(() => controller.abort(), isStartedByNpm('start'));
if (isStartedByNpm('exec')) onParentEnd(() => controller.abort());

void runCommandLine(process.argv.slice(2), {
  config: readConfig,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: controller.signal,
}).then((exitCode) => (process.exitCode ||= exitCode));
