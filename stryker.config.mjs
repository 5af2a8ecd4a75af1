/**
 * Mutation testing: Stryker changes the code in one place at a time and runs the tests, which must notice.
 *
 * `npm run mutation` takes every area; `MUTATE=models/decoding npm run mutation` takes one. An area's mutants meet the tests of
 * the same folder under tests/ alone, and those named with it: the tests beside the code must notice, not a far one by chance.
 */

/** Area → the tests it meets; the folders that the area covers when it covers more than its own. */
const AREAS = {
  'models/decoding': { tests: ['tests/models/decoding'] },
  'models/semantic-id': { tests: ['tests/models/semantic-id'] },
  'src/catalogue': {
    folders: ['src/catalogue', 'src/semantic-ids'],
    tests: ['tests/src/catalogue', 'tests/src/semantic-ids'],
  },
};

const chosen = process.env.MUTATE ?? null;
if (chosen !== null && !(chosen in AREAS)) {
  throw new Error(`MUTATE: expected one of ${Object.keys(AREAS).join(', ')}, got ${chosen}`);
}
const areas = chosen === null ? Object.keys(AREAS) : [chosen];
const report = `reports/mutation/${chosen === null ? 'all' : chosen.replace('/', '-')}`;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: areas.flatMap((area) => (AREAS[area].folders ?? [area]).map((folder) => `${folder}/**/*.ts`)),
  // Texts are for people: error messages and log lines are most of the strings, and tests look only for the part that matters.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'jest',
  jest: {
    configFile: 'jest.config.js',
    config: {
      // Stryker finds it from the working folder, and does not know <rootDir>.
      testEnvironment: './tests/support/environment.js',
      setupFiles: ['<rootDir>/tests/support/mutation-setup.ts'],
      testMatch: areas.flatMap((area) => AREAS[area].tests.map((folder) => `<rootDir>/${folder}/**/*.test.ts`)),
      // The services are one code on both databases; SQLite's half of the tests is the quick one.
      testNamePattern: '^(?!postgresql)',
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // What the tests of the areas do not read. Worker threads would run dist/, in which nothing is mutated.
  ignorePatterns: ['bench', 'coverage', 'data', 'dist', 'docker', 'docs', 'web'],
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
