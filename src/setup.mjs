/**
 * Makes a fresh checkout ready: installs packages, generates the database clients, compiles TypeScript to dist/, builds the console.
 * Each part is skipped when its inputs are no newer than what it made. Plain Node, since nothing is installed before it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const SOURCES = ['graphql', 'models', 'src', 'seeds', 'prisma', 'bench'];
/** Programs that search for failures, and the parts of the tests that they use. */
const SOAK_SOURCES = ['tests/soak', 'tests/support'];
const OLDEST_NODE = [20, 19];
const USAGE = `node src/setup.mjs [--rebuild] [--quiet] [--server] [--soak] [--run ARGUMENTS…]

Installs, generates and compiles what is missing or out of date; with --server all but the console, with --soak also the
programs of tests/soak. Then, with --run, it becomes the program \`tigerql\`.`;

const { flags, programArguments } = splitArguments(process.argv.slice(2));
if (flags.includes('--help')) {
  console.log(USAGE);
  process.exit(0);
}
const rebuild = flags.includes('--rebuild');
const quiet = flags.includes('--quiet');

checkNode();
installPackages();
removeForeignBinaries();
generateClients();
compile(SOURCES, join(ROOT, 'dist', '.stamp'));
if (flags.includes('--soak')) compile(SOAK_SOURCES, join(ROOT, 'dist', 'tests', '.stamp'));
if (!flags.includes('--server')) buildConsole();
if (programArguments !== null) await becomeProgram(programArguments);

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

function installPackages() {
  const stamp = join(ROOT, 'node_modules', '.package-lock.json');
  if (isFresh(stamp, [join(ROOT, 'package-lock.json')])) return;
  // Without CUDA nothing needs the libraries that onnxruntime-node would download (docs/gpu.md says how to get them).
  run('Installing packages', npmCommand(), ['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error'], {
    ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL ?? 'skip',
  });
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

function generateClients() {
  const stamp = join(ROOT, 'prisma', 'generated', '.stamp');
  const schemas = ['schema.prisma', 'schema.postgresql.prisma']
    .map((name) => join(ROOT, 'prisma', name))
    .filter(existsSync);
  if (!rebuild && isFresh(stamp, schemas)) return;
  // Prisma would first download its schema engine, which generating does not run: any existing file stands in for it.
  const noDownload = { PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? process.execPath };
  const prisma = join(ROOT, 'node_modules', 'prisma', 'build', 'index.js');
  for (const schema of schemas) {
    const title = `Generating the database client of ${schema.slice(ROOT.length + 1)}`;
    run(title, process.execPath, [prisma, 'generate', '--schema', schema], noDownload);
  }
  writeFileSync(stamp, '');
}

/** @param stamp - A file that is as old as what is made from these sources. */
function compile(sources, stamp) {
  const dist = join(ROOT, 'dist');
  if (!rebuild && isFresh(stamp, [...sources.flatMap((dir) => files(join(ROOT, dir))), join(ROOT, '.swcrc')])) return;
  for (const dir of sources) rmSync(join(dist, dir), { recursive: true, force: true });
  run('Compiling', process.execPath, [
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

function buildConsole() {
  const web = join(ROOT, 'web');
  const stamp = join(ROOT, 'dist', 'web', '.stamp');
  const sources = [...files(web, /./), join(ROOT, 'graphql', 'schema.graphql')];
  if (!existsSync(web) || (!rebuild && isFresh(stamp, sources))) return;
  run("Typing the console's documents", process.execPath, [join(web, 'generate-types.mjs')]);
  run('Building the console', process.execPath, [join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', web]);
  writeFileSync(stamp, '');
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

function run(title, command, args, env = {}) {
  const begin = Date.now();
  if (!quiet) process.stdout.write(`${title} … `);
  const result = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    shell: process.platform === 'win32' && command.endsWith('.cmd'),
  });
  if (result.status !== 0) {
    fail(
      `${title} failed: ${command} ${args.join(' ')}\n${result.error ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}`,
    );
  }
  if (!quiet) console.log(`${((Date.now() - begin) / 1000).toFixed(1)} s`);
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
