/**
 * Mutation testing: Stryker changes the code in one place at a time and runs the tests, which must notice.
 *
 * `MUTATE=models/decoding npm run mutation` changes the files of a folder, and `MUTATE=src/catalogue/importer npm run mutation` one file.
 * The mutants meet the tests beside them alone, those of the folder or of the file's name: a far test must not notice them by chance.
 * A mutant of a folder meets every test that reaches it, which takes many seconds where tests open databases: take the files one by one
 * there.
 */
import { existsSync } from 'node:fs';

import jestConfig from './jest.config.js';

/** The random histories of the living catalogue and the concurrent writers and servers take up to half a minute a run. */
const SLOW = '!(living-catalogue|concurrent-writers|several-servers)';

const path = process.env.MUTATE ?? '';
const isFile = existsSync(`${path}.ts`);
if (path === '' || !(isFile || existsSync(path)))
  throw new Error(
    `MUTATE: expected a folder, or a file without its ending, such as src/catalogue/importer, got "${path}"`,
  );
const report = `reports/mutation/${path.replaceAll('/', '-')}`;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: [isFile ? `${path}.ts` : `${path}/**/*.ts`],
  // Texts are for people: error messages and log lines are most of the strings, and tests look only for the part that matters.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'jest',
  jest: {
    configFile: 'jest.config.js',
    config: {
      ...jestConfig.projects[0],
      projects: [],
      // Stryker finds it from the working folder, and does not know <rootDir>.
      testEnvironment: './tests/support/environment.js',
      setupFiles: ['<rootDir>/tests/support/mutation-setup.ts'],
      testMatch: [`<rootDir>/tests/${isFile ? path : `${path}/${SLOW}`}.test.ts`],
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // Folders that these tests do not read. dist/ stays: worker threads run it, and no mutant reaches them.
  ignorePatterns: ['/bench', '/coverage', '/data', '/docker', '/docs', '/web'],
  disableTypeChecks: false,
  // A run that is started again asks only about what has changed since.
  incremental: true,
  incrementalFile: `${report}.incremental.json`,
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: `${report}.html` },
  jsonReporter: { fileName: `${report}.json` },
  clearTextReporter: { allowEmojis: false, logTests: false, skipFull: true },
  thresholds: { high: 90, low: 80, break: 80 },
  timeoutMS: 10_000,
  allowConsoleColors: false,
};
