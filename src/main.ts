#!/usr/bin/env node
/** The program: reads the arguments, runs the command, stops on a signal. */
import { runCommandLine } from './commands/command-line';
import { readConfig } from './config';

const controller = new AbortController();
// Once: a second Ctrl-C ends the process at once.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());

void runCommandLine(process.argv.slice(2), {
  config: readConfig,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: controller.signal,
}).then((exitCode) => (process.exitCode = exitCode));
