#!/usr/bin/env node
/** The program: runs the command that its arguments name, and stops it on a signal. */
import './check-node';

import { runCommandLine } from './commands/command-line';
import { isStartedByNpx, readConfig } from './config';
import { onParentEnd } from './parent-watch';
import { onStopSignals } from './stop-signals';

const controller = new AbortController();
onStopSignals(() => controller.abort());
if (isStartedByNpx()) onParentEnd(() => controller.abort());

void runCommandLine(process.argv.slice(2), {
  config: readConfig,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: controller.signal,
}).then((exitCode) => (process.exitCode = exitCode));
