/** Ends a test run with one line that counts what ran, for scripts that read it. */
module.exports = class CountReporter {
  onRunComplete(_, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests }) {
    // A file that does not load has no tests to count, and is a failure all the same.
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
    process.stdout.write(`tests: ${numPassedTests} passed, ${failed} failed${skipped}\n`);
  }
};
