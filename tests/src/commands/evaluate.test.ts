import { join } from 'node:path';

import { openCommandFolder } from '../../support/command-run';
import { writeLittleDataset } from '../../support/little-dataset';

// Whole runs are in tests/src/experiments.
describe('tigerql evaluate', () => {
  const { dir, run } = openCommandFolder();
  const dataset = join(dir, 'dataset');
  beforeAll(() => void writeLittleDataset(dataset));

  it.each([
    ['--cold-share', '0.6', 2, 'Expected a number from 0 to 0.5.'],
    ['--split', '2026-02-30', 2, 'Expected a day, such as 2013-06-15.'],
    [
      '--split',
      '1999-12-31',
      1,
      'split by date: expected a day after the first interaction, 2000-01-01, and not after',
    ],
  ])('refuses %s %s', async (option, value, status, message) => {
    const { code, stderr } = await run(['evaluate', '--dataset', dataset, option, value]);
    expect(code).toBe(status);
    expect(stderr).toContain(message);
  });
});
