#!/usr/bin/env node
/** The program: runs the command that its arguments name, and stops it on a signal. */
import './check-node';

import { runCommandLine } from './commands/command-line';
import { readConfig } from './config';
import { onStopSignals } from './stop-signals';

const controller = new AbortController();
onStopSignals(() => controller.abort());

void runCommandLine(process.argv.slice(2), {
  config: readConfig,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: controller.signal,
}).then((exitCode) => (process.exitCode = exitCode));
