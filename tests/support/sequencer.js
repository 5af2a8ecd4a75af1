/** Begins with the tests that start servers or train: one of them that came last would run alone. The others go by size, as usual. */
const { default: Sequencer } = require('@jest/test-sequencer');

const LONG = /end-to-end|experiments|commands.(train|serve)|demo-shop|start.test|several-servers|postgresql-pool/;

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return [...sorted.filter(({ path }) => LONG.test(path)), ...sorted.filter(({ path }) => !LONG.test(path))];
  }
};
