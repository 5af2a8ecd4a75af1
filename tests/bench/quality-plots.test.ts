import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { drawQualityPlots } from '../../bench/quality-plots';
import { temporaryFolder } from '../support/temporary-folder';

const dir = temporaryFolder();

const epoch = (value: number) =>
  ['ndcg@10', 'decoder.ndcg@10', 'item-head.ndcg@10'].map((name) => ({ name, value, low: null, high: null }));
const metric = (name: string, value: number) => ({ name, value, low: null, high: null });

/** Points of a line: as many pairs as its `points` attribute has. */
const lengths = (svg: string) => [...svg.matchAll(/ points="([^"]+)"/g)].map(([, points]) => points.split(' ').length);

describe('drawQualityPlots', () => {
  it('draws a line per head over the epochs, and a line per place of the temperature', async () => {
    const metrics = [
      ...['0', '0.5', '2'].flatMap((temperature) => [
        metric(`diversity.all.${temperature}.entropy@10`, 1 + Number(temperature)),
        metric(`diversity.all.${temperature}.ndcg@10`, 0.3 - Number(temperature) / 10),
      ]),
      metric('diversity.level-0.2.entropy@10', 1.5),
      metric('diversity.level-0.2.ndcg@10', 0.2),
    ];
    const file = join(dir, 'experiment.json');
    writeFileSync(file, JSON.stringify({ runs: [{ validations: [epoch(0.1), epoch(0.2)], metrics }] }));
    const files = await drawQualityPlots(file, dir);
    expect(files.map((path) => basename(path))).toEqual(['validation.svg', 'diversity.svg']);
    const [validation, diversity] = files.map((path) => readFileSync(path, 'utf8'));
    expect(lengths(validation)).toEqual([2, 2, 2]);
    expect(lengths(diversity)).toEqual([3, 1]);
    for (const label of ['both together', 'decoder', 'item head']) expect(validation).toContain(`>${label}<`);
    for (const label of ['all levels', 'level 0']) expect(diversity).toContain(`>${label}<`);
  });
});
