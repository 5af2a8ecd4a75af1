const { existsSync, statfsSync } = require('node:fs');

// Jest's tests have a copy of the variables, which no native library sees.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

// Tests wait for the disk at each commit, as the server does. Where there is room, their databases lie in memory.
const MEMORY = '/dev/shm';
const MIN_FREE_BYTES = 4e9;
if (existsSync(MEMORY) && freeBytes(MEMORY) > MIN_FREE_BYTES) process.env.TMPDIR = MEMORY;

function freeBytes(path) {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/tests/support/environment.js',
  // Patterns without <rootDir>: a folder such as "tigerql (1)" would mean something else in a pattern.
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  // Real browsers take long, and run beside no other tests: `npm run test:web` runs them.
  testPathIgnorePatterns: ['/node_modules/', '/tests/web/browser/'],
  // jose comes as ES modules alone, which Jest does not load before Node 24.
  transform: { '^.+\\.ts$|/node_modules/jose/.+\\.js$': '@swc/jest' },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  // A module that is loaded late is named as it lies in dist/.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@tensorflow/tfjs-core$': '<rootDir>/tests/support/quiet-tfjs.js',
  },
  globalSetup: '<rootDir>/tests/support/before-tests.ts',
  globalTeardown: '<rootDir>/tests/support/after-tests.ts',
  reporters: ['default', '<rootDir>/tests/support/count-reporter.js'],
  testTimeout: 30_000,
  maxWorkers: 2,
  // Jest looks a global up slowly. Each file gets these as variables of its own, so that loops over them run at their usual speed.
  sandboxInjectedGlobals: ['Array', 'Error', 'Float32Array', 'Int32Array', 'Map', 'Math', 'Number', 'Object', 'Promise', 'Set', 'String', 'Symbol', 'Uint8Array'], // prettier-ignore
  // A process keeps some of every file that it ran, and gets several times slower by it: it is replaced in time.
  workerIdleMemoryLimit: '350MB',
};
