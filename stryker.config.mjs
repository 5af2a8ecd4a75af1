/**
 * Mutation testing: Stryker changes the code in one place at a time and runs the tests, which must notice.
 *
 * `MUTATE=models/decoding npm run mutation` takes an area of those below. Its mutants meet the tests of the same folders alone: the
 * tests beside the code must notice, not a far one by chance.
 */

/**
 * Area → the folders that are changed, and the tests that they meet. The random histories of the living catalogue and the
 * concurrent writers and servers take up to half a minute a run: no mutant meets them.
 */
const AREAS = {
  'models/decoding': { folders: ['models/decoding'], tests: ['models/decoding/*'] },
  'models/semantic-id': { folders: ['models/semantic-id'], tests: ['models/semantic-id/*'] },
  'src/catalogue': {
    folders: ['src/catalogue', 'src/semantic-ids'],
    tests: ['src/catalogue/!(living-catalogue|concurrent-writers|several-servers)', 'src/semantic-ids/*'],
  },
};

const name = process.env.MUTATE ?? '';
if (!(name in AREAS)) throw new Error(`MUTATE: expected one of ${Object.keys(AREAS).join(', ')}, got "${name}"`);
const { folders, tests } = AREAS[name];
const report = `reports/mutation/${name.replace('/', '-')}`;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: folders.map((folder) => `${folder}/**/*.ts`),
  // Texts are for people: error messages and log lines are most of the strings, and tests look only for the part that matters.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'jest',
  jest: {
    configFile: 'jest.config.js',
    config: {
      // Stryker finds it from the working folder, and does not know <rootDir>.
      testEnvironment: './tests/support/environment.js',
      setupFiles: ['<rootDir>/tests/support/mutation-setup.ts'],
      testMatch: tests.map((files) => `<rootDir>/tests/${files}.test.ts`),
      // The services are one code on both databases, and SQLite's half of the tests is the quick one. The test with a thousand items
      // runs through every service: it would take as long as all the others, for each mutant.
      testNamePattern: '^(?!.*(postgresql|a thousand at once))',
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // What the tests of the areas do not read. dist/ stays: worker threads run it, and no mutant reaches them.
  ignorePatterns: ['bench', 'coverage', 'data', 'docker', 'docs', 'web'],
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
