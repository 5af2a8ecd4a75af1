import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeLittleDataset } from '../../support/little-dataset';
import { tigerql } from '../../support/tigerql';

describe('tigerql evaluate', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tigerql-evaluate-'));
  const dataset = join(dir, 'dataset');
  beforeAll(() => void writeLittleDataset(dataset));
  afterAll(() => rmSync(dir, { recursive: true }));

  it('refuses to withhold more than half of the items', async () => {
    const { code, stderr } = await tigerql(dir, ['evaluate', '--dataset', dataset, '--cold-share', '0.6']);
    expect(code).toBe(2);
    expect(stderr).toContain('Expected a number from 0 to 0.5.');
  });

  it.each([
    ['2026-02-30', 2, 'Expected a day, such as 2013-06-15.'],
    ['1999-12-31', 1, 'split by date: expected a day after the first interaction, 2000-01-01, and not after the last'],
  ])('refuses to split at %s', async (day, status, message) => {
    const { code, stderr } = await tigerql(dir, ['evaluate', '--dataset', dataset, '--split', day]);
    expect(code).toBe(status);
    expect(stderr).toContain(message);
  });

  it('ranks the held-out items beside the baselines, without a database', async () => {
    const args = ['evaluate', '--dataset', dataset, '--preset', 'tiny', '--json'];
    const { code, stdout, stderr } = await tigerql(dir, args);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const { metrics, ...run } = JSON.parse(stdout) as { metrics: { name: string; value: number }[] };
    expect(run).toMatchObject({ dataset, preset: 'tiny', seeds: [1], ties: 'filed', coldShare: 0 });
    const value = (name: RegExp) => metrics.find((metric) => name.test(metric.name))?.value;
    // Each user buys within a family of 12, so a method that knows only the family finds the next item in 10 of 12 cases.
    expect(value(/^(baseline|floor)\.item-knn\.recall@10$/)).toBeGreaterThan(0.5);
    expect(value(/^recall@20$/)).toBeGreaterThan(0);
    expect(existsSync(join(dir, 'shop.db'))).toBe(false);
  });
});
