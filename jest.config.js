const { existsSync, readdirSync, readFileSync, statfsSync } = require('node:fs');
const { join } = require('node:path');

// Jest's tests have a copy of the variables, which no native library sees.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

// Tests wait for the disk at each commit, as the server does. Where there is room, their databases lie in memory.
const MEMORY = '/dev/shm';
const MIN_FREE_BYTES = 4e9;
if (existsSync(MEMORY) && freeBytes(MEMORY) > MIN_FREE_BYTES) process.env.TMPDIR = MEMORY;

/** Support files of tests that start processes or threads, or need PostgreSQL or a disk of their own. */
const SYSTEM_PARTS = [
  'catalogue-suite',
  'little-checkout',
  'postgres',
  'server-fleet',
  'server-process',
  'small-disk',
  'tigerql',
  'trained-shop',
  'two-processes',
];
/** Tests that train for long, or load the whole demo shop. */
const SLOW = [
  'models/training/fit.test.ts',
  'src/datasets/demo-shop.test.ts',
  'src/experiments/experiment.test.ts',
  'src/experiments/odd-datasets.test.ts',
];
const SYSTEM_IMPORT = new RegExp(`from '(node:child_process|[./]+/support/(${SYSTEM_PARTS.join('|')}))'`);
const BROWSER = 'web/browser/';
const END_TO_END = 'end-to-end/';
/** One server, and several on one PostgreSQL, from an empty shop to a trained one. */
const SERVERS = ['end-to-end/server.test.ts', 'end-to-end/several-servers.test.ts'];

const files = readdirSync(join(__dirname, 'tests'), { recursive: true })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.test.ts'));
const browser = files.filter((path) => path.startsWith(BROWSER));
const servers = files.filter((path) => SERVERS.includes(path));
const system = files.filter((path) => !browser.includes(path) && !servers.includes(path) && meetsSystem(path));
const fast = files.filter((path) => ![browser, servers, system].some((others) => others.includes(path)));

function meetsSystem(path) {
  if (path.startsWith(END_TO_END) || SLOW.includes(path)) return true;
  return SYSTEM_IMPORT.test(readFileSync(join(__dirname, 'tests', path), 'utf8'));
}

function freeBytes(path) {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** Packages that come as ES modules alone, which Jest does not load before Node 24. */
const MODULES = 'jose|hyparquet|hyparquet-compressors|hyparquet-writer|hysnappy';

/** @type {import('jest').ProjectConfig} */
const project = {
  testEnvironment: '<rootDir>/tests/support/environment.js',
  roots: ['<rootDir>/tests'],
  transform: { [`^.+\\.ts$|/node_modules/(?:${MODULES})/.+\\.js$`]: '@swc/jest' },
  transformIgnorePatterns: [`/node_modules/(?!(?:${MODULES})/)`],
  // A module that is loaded late is named as it lies in dist/.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@tensorflow/tfjs-core/dist/register_all_gradients$': '@tensorflow/tfjs',
    '^@tensorflow/tfjs-core$': '<rootDir>/tests/support/quiet-tfjs.js',
  },
  globalSetup: '<rootDir>/tests/support/before-tests.ts',
  globalTeardown: '<rootDir>/tests/support/after-tests.ts',
  testTimeout: 30_000,
  // Jest looks a global up slowly. Each file gets these as variables of its own, so that loops over them run at their usual speed.
  sandboxInjectedGlobals: ['Array', 'Error', 'Float32Array', 'Int32Array', 'Map', 'Math', 'Number', 'Object', 'Promise', 'Set', 'String', 'Symbol', 'Uint8Array'], // prettier-ignore
};

/** Patterns without <rootDir>: a folder such as "tigerql (1)" would mean something else in a pattern. */
const matching = (paths) => paths.map((path) => `**/tests/${path}`);

/** @type {import('jest').Config} */
module.exports = {
  reporters: ['default', '<rootDir>/tests/support/count-reporter.js'],
  testSequencer: '<rootDir>/tests/support/sequencer.js',
  // A process keeps some of every file that it ran, and gets several times slower by it: it is replaced in time.
  workerIdleMemoryLimit: '350MB',
  projects: [
    { ...project, displayName: 'fast', testMatch: matching(fast) },
    { ...project, displayName: 'servers', testMatch: matching(servers) },
    { ...project, displayName: 'system', testMatch: matching(system) },
    { ...project, displayName: 'browser', testMatch: matching(browser), testTimeout: 300_000 },
  ],
};
