/**
 * Makes a fresh checkout ready: installs packages, generates the database clients, compiles TypeScript to dist/, builds the console.
 * Each part is skipped when its inputs are no newer than what it made. Plain Node, since nothing is installed before it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants as modes,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = ['graphql', 'models', 'src', 'seeds', 'prisma', 'bench'];
/** Programs that search for failures, and the parts of the tests that they use. */
const SOAK_SOURCES = ['tests/soak', 'tests/support'];
const OLDEST_NODE = [20, 19];
/** A lock that nobody has touched for so long is that of a process that was killed. The server knows this number, too. */
const LOCK_STALE_MS = 5_000;
const USAGE = `node src/setup.mjs [--rebuild] [--quiet] [--server] [--console] [--soak] [--run ARGUMENTS…]

Installs, generates and compiles what is missing or out of date; with --server all but the console, with --console that alone, with
--soak also the programs of tests/soak. Then, with --run, it becomes the program \`tigerql\`, beside which the console is built.`;

const { flags, programArguments } = splitArguments(process.argv.slice(2));
if (flags.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const rebuild = flags.includes('--rebuild');
const quiet = flags.includes('--quiet');

checkNode();
if (flags.includes('--console')) await buildConsole();
else await alone('setup', makeReady);
if (programArguments !== null) await becomeProgram(programArguments);

async function makeReady() {
  await installPackages();
  removeForeignBinaries();
  const wantsConsole = !flags.includes('--server');
  // The server needs no console to start. Its build takes the core that is idle while the rest is made.
  if (wantsConsole && programArguments !== null) buildConsoleBeside();
  await generateClients();
  await compile(SOURCES, join(ROOT, 'dist', '.stamp'));
  if (flags.includes('--soak')) await compile(SOAK_SOURCES, join(ROOT, 'dist', 'tests', '.stamp'));
  if (wantsConsole && programArguments === null) await buildConsole();
}

/** @returns What stands before `--run`, and what stands behind it, which is the program's; null without `--run`. */
function splitArguments(args) {
  const at = args.indexOf('--run');
  return at === -1
    ? { flags: args, programArguments: null }
    : { flags: args.slice(0, at), programArguments: args.slice(at + 1) };
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
}

async function installPackages() {
  const stamp = join(ROOT, 'node_modules', '.package-lock.json');
  if (isFresh(stamp, [join(ROOT, 'package-lock.json')])) return;
  // Without CUDA nothing needs the libraries that onnxruntime-node would download (docs/gpu.md says how to get them).
  await run(
    'Installing packages',
    npmCommand(),
    ['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'],
    {
      ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL ?? 'skip',
    },
  );
  touch(stamp);
}

/** ONNX Runtime's package brings the binaries of every system, 290 MB in all; only this one's are kept. */
function removeForeignBinaries() {
  const systems = join(ROOT, 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6');
  for (const system of existsSync(systems) ? readdirSync(systems) : []) {
    const cpus = readdirSync(join(systems, system));
    for (const cpu of cpus) {
      if (system === process.platform && cpu === process.arch) continue;
      rmSync(join(systems, system, cpu), { recursive: true });
    }
  }
}

async function generateClients() {
  const stamp = join(ROOT, 'prisma', 'generated', '.stamp');
  const schemas = ['schema.prisma', 'schema.postgresql.prisma']
    .map((name) => join(ROOT, 'prisma', name))
    .filter(existsSync);
  if (!rebuild && isFresh(stamp, schemas)) return;
  // Prisma would first download its schema engine, which generating does not run: any existing file stands in for it.
  const noDownload = { PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath };
  const prisma = join(ROOT, 'node_modules', 'prisma', 'build', 'index.js');
  const generate = (schema) => {
    const title = `Generating the database client of ${schema.slice(ROOT.length + 1)}`;
    return run(title, process.execPath, [prisma, 'generate', '--schema', schema], noDownload);
  };
  await Promise.all(schemas.map(generate));
  writeFileSync(stamp, '');
}

/** @param stamp - A file that is as old as what is made from these sources. */
async function compile(sources, stamp) {
  const dist = join(ROOT, 'dist');
  if (!rebuild && isFresh(stamp, [...sources.flatMap((dir) => files(join(ROOT, dir))), join(ROOT, '.swcrc')])) return;
  for (const dir of sources) rmSync(join(dist, dir), { recursive: true, force: true });
  await run('Compiling', process.execPath, [
    join(ROOT, 'node_modules', '@swc', 'cli', 'bin', 'swc.js'),
    ...sources.filter((dir) => existsSync(join(ROOT, dir))),
    '--out-dir',
    dist,
    '--ignore',
    '**/*.mjs',
    '--quiet',
  ]);
  writeFileSync(stamp, '');
}

/** In this process: npm, told to stop, tells the one that it has started, and a second one would live on. */
async function becomeProgram(args) {
  const program = join(ROOT, 'dist', 'src', 'main.js');
  process.argv.splice(1, Infinity, program, ...args);
  await import(pathToFileURL(program).href);
}

/** It ends with this process, and says itself when the console is there or cannot be built. */
function buildConsoleBeside() {
  if (isConsoleFresh()) return;
  const builder = spawn(process.execPath, [fileURLToPath(import.meta.url), '--console'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  builder.unref();
  process.once('exit', () => builder.kill());
}

async function buildConsole() {
  if (flags.includes('--console')) setPriority(constants.priority.PRIORITY_LOW); // The server goes first.
  const isBuilt = await alone('console', async () => {
    if (!rebuild && isConsoleFresh()) return false;
    const [web, made] = [join(ROOT, 'web'), join(ROOT, 'dist', 'web')];
    const next = `${made}-next`;
    const vite = [
      join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      web,
      '--outDir',
      next,
      '--emptyOutDir',
    ];
    await run("Typing the console's documents", process.execPath, [join(web, 'generate-types.mjs')]);
    await run('Building the console', process.execPath, vite);
    writeFileSync(join(next, '.stamp'), '');
    rmSync(made, { recursive: true, force: true });
    renameSync(next, made); // Nobody sees half of a console.
    return true;
  });
  if (isBuilt && !quiet) console.log('The console is there.');
}

function isConsoleFresh() {
  const web = join(ROOT, 'web');
  const sources = [...files(web, /./), join(ROOT, 'graphql', 'schema.graphql')];
  return !existsSync(web) || isFresh(join(ROOT, 'dist', 'web', '.stamp'), sources);
}

/** Runs the work when no other process does the same in this checkout. */
async function alone(name, work) {
  const lock = join(ROOT, 'dist', `.${name}.lock`);
  mkdirSync(dirname(lock), { recursive: true });
  if (!isWritable(dirname(lock))) return work(); // Such as that of an image: all is made.
  while (!take(lock)) await setTimeout(100);
  const touching = setInterval(() => touch(lock), LOCK_STALE_MS / 5);
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  const result = await work();
  clearInterval(touching);
  process.off('exit', release);
  release();
  return result;
}

function isWritable(path) {
  try {
    accessSync(path, modes.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns False while another process holds the lock. */
function take(lock) {
  try {
    writeFileSync(lock, '', { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Math.abs(Date.now() - touched) > LOCK_STALE_MS) rmSync(lock, { force: true });
    return false;
  }
}

/** @returns Whether `made` exists and no source is newer. */
function isFresh(made, sources) {
  if (!existsSync(made)) return false;
  const { mtimeMs } = statSync(made);
  return sources.every((source) => statSync(source).mtimeMs <= mtimeMs);
}

function files(dir, wanted = /\.(ts|mts|json)$/) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function run(title, command, args, env = {}) {
  const begin = Date.now();
  if (!quiet) console.log(`${title} …`);
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && command.endsWith('.cmd'),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [status] = await once(child, 'close').catch((error) => [error]);
  if (status !== 0)
    fail(`${title} failed: ${command} ${args.join(' ')}\n${status instanceof Error ? status : ''}${output}`);
  if (!quiet) console.log(`${title}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}

function npmCommand() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

function touch(path) {
  const now = new Date();
  utimesSync(path, now, now);
}

function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}
