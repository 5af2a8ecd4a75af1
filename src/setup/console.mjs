/** The console in dist/web. The server needs none to start, so its build goes on beside it. */
import { spawn } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join, sep } from 'node:path';

import { alone, asksFor, DIST, files, isStamped, packageFile, ROOT, run, say, stampOf } from './steps.mjs';

const WEB = join(ROOT, 'web');
/** Written by the build itself. */
const TYPES = join(WEB, 'src', 'graphql', sep);
const MADE = join(DIST, 'web');

/** Builds in a process that ends with this one, and that says itself when the console is there or cannot be built. */
export function buildConsoleBeside() {
  if (isConsoleFresh()) return;
  const args = [join(ROOT, 'src', 'setup.mjs'), '--console'];
  const builder = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  builder.unref();
  process.once('exit', () => builder.kill());
}

export async function buildConsole() {
  if (asksFor('--console')) setPriority(constants.priority.PRIORITY_LOW); // The server goes first.
  const isBuilt = await alone('console', async () => {
    if (!asksFor('--rebuild') && isConsoleFresh()) return false;
    await build();
    return true;
  });
  if (isBuilt) say('The console is there.');
}

async function build() {
  const next = `${MADE}-next`;
  const made = stamp();
  const vite = [packageFile('vite', 'bin', 'vite.js'), 'build', WEB, '--outDir', next, '--emptyOutDir'];
  await run("Typing the console's documents", process.execPath, [join(WEB, 'generate-types.mjs')]);
  await run('Building the console', process.execPath, vite);
  writeFileSync(join(next, '.stamp'), made);
  rmSync(MADE, { recursive: true, force: true });
  renameSync(next, MADE); // Nobody sees half of a console.
}

function isConsoleFresh() {
  return !existsSync(WEB) || isStamped(join(MADE, '.stamp'), stamp());
}

function stamp() {
  const sources = files(WEB, /./).filter((path) => !path.startsWith(TYPES));
  return stampOf([...sources, join(ROOT, 'graphql', 'schema.graphql')]);
}
