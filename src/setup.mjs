/**
 * Makes a fresh checkout ready: installs packages, generates the database clients, compiles TypeScript to dist/, builds the console.
 * Each part is skipped when its inputs are those that it was made from. Plain Node, since nothing is installed before it.
 */
import './check-node.js';

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { buildConsole, buildConsoleBeside } from './setup/console.mjs';
import { installPackages } from './setup/packages.mjs';
import { buildServer } from './setup/server.mjs';
import { alone, asksFor, DIST, programArguments } from './setup/steps.mjs';

const USAGE = `node src/setup.mjs [--rebuild] [--quiet] [--tests] [--server] [--console] [--soak] [--run ARGUMENTS…]

Installs, generates and compiles what is missing or out of date; with --tests also the packages that only checks need, with --server all
but the console, with --console that alone, with --soak also the programs of tests/soak. Then, with --run, it becomes the program
\`tigerql\`, beside which the console is built.`;

if (asksFor('--help')) {
  console.log(USAGE);
  process.exit(0);
}
if (asksFor('--console')) await buildConsole();
else await alone('setup', makeReady);
if (programArguments !== null) await becomeProgram(programArguments);

async function makeReady() {
  await installPackages(asksFor('--tests'));
  const wantsConsole = !asksFor('--server');
  // Its build takes the core that is idle while the rest is made.
  if (wantsConsole && programArguments !== null) buildConsoleBeside();
  await buildServer();
  if (wantsConsole && programArguments === null) await buildConsole();
}

/** Runs in this process: npm, told to stop, tells the one that it has started, and a second one would live on. */
async function becomeProgram(args) {
  const program = join(DIST, 'src', 'main.js');
  process.argv.splice(1, Infinity, program, ...args);
  await import(pathToFileURL(program).href);
}
