#!/usr/bin/env node
/** The program: runs the command that its arguments name, and stops it on a signal. */
import { runCommandLine } from './commands/command-line';
import { readConfig } from './config';

const controller = new AbortController();
// `once`: a second Ctrl-C ends the process immediately.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());

void runCommandLine(process.argv.slice(2), {
  config: readConfig,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: controller.signal,
}).then((exitCode) => (process.exitCode = exitCode));
