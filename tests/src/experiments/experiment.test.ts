import { join } from 'node:path';

import { KIND_RULES } from '../../../models/data/kinds';
import { readDataset } from '../../../src/datasets/read-dataset';
import {
  meansOverSeeds,
  runExperiment,
  type Experiment,
  type ExperimentSettings,
} from '../../../src/experiments/experiment';
import { writeLittleDataset } from '../../support/little-dataset';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();
const dir = join(root, 'dataset');
writeLittleDataset(dir);

const SETTINGS: ExperimentSettings = {
  preset: 'tiny',
  seeds: [1],
  cut: null,
  ties: 'filed',
  coldShare: 0.2,
  hasDiversity: false,
};

async function run(workDir: string, changes: Partial<ExperimentSettings> = {}, signal = new AbortController().signal) {
  const phases: string[] = [];
  const events = { onProgress: ({ phase }: { phase: string }) => void phases.push(phase), onWarning: () => undefined };
  const where = { backend: 'onnx-cpu', kinds: KIND_RULES, workDir: join(root, workDir) } as const;
  const experiment = await runExperiment(await readDataset(dir), { ...SETTINGS, ...changes }, where, events, signal);
  return { experiment, phases };
}

const value = ({ metrics }: Pick<Experiment, 'metrics'>, name: string) =>
  metrics.find((metric) => metric.name === name)?.value ?? NaN;

let first: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  first = await run('work');
}, 120_000);

describe('runExperiment', () => {
  it('runs once per seed, and only reads a finished run', async () => {
    expect(first.experiment).toMatchObject({ intervals: 'over users', seeds: [1] });
    // Each user buys within a family of 12, so a method that knows only the family finds the next item in 10 of 12 cases.
    expect(value(first.experiment, 'baseline.item-knn.recall@10')).toBeGreaterThan(0.5);
    const { experiment, phases } = await run('work', { seeds: [1, 2] });
    expect(experiment.runs[0]).toEqual(first.experiment.runs[0]);
    expect(phases.filter((phase) => phase === 'DONE')).toHaveLength(1);
    const figures = experiment.runs.map((each) => value(each, 'decoder.ndcg@10'));
    expect(new Set(figures).size).toBeGreaterThan(1);
    expect(value(experiment, 'decoder.ndcg@10')).toBeCloseTo(figures.reduce((a, b) => a + b) / 2, 12);
    expect(experiment.intervals).toBe('over seeds');
  }, 120_000);

  it('finds items that no training has seen, in places that are kept for them', () => {
    const { experiment } = first;
    expect(value(experiment, 'cold.items')).toBe(10); // of 48
    expect(value(experiment, 'cold.users')).toBeGreaterThan(0);
    expect(value(experiment, 'cold-start.users')).toBe(value(experiment, 'cold.users')); // nobody else has bought them
    // A family has 12 items, about 2 of them withheld, and texts tell the families apart.
    expect(value(experiment, 'cold.content-knn.reserved-2.recall@10')).toBeGreaterThan(0.5);
    expect(value(experiment, 'item-head.cold-start.recall@10')).toBe(0);
    expect(value(experiment, 'cold.decoder.reserved-0.all.ndcg@10')).toBe(value(experiment, 'ndcg@10'));
  });

  it('measures diversity with a model that is already trained', async () => {
    const { experiment, phases } = await run('work', { hasDiversity: true });
    expect(phases).not.toContain('TOKENIZER');
    const curve = ({ metrics }: Experiment) => metrics.filter(({ name }) => name.startsWith('diversity.'));
    expect(curve(experiment).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['diversity.all.1.5.entropy@10', 'diversity.level-1.2.ndcg@10']),
    );
    for (const figure of ['entropy@10', 'ndcg@10']) {
      const at = (temperature: number) => value(experiment, `diversity.all.${temperature}.${figure}`);
      expect(at(0)).toBeCloseTo(value(first.experiment, `decoder.${figure}`), 12);
      expect(at(2)).not.toBe(at(1));
    }
  }, 120_000);
});

describe('meansOverSeeds', () => {
  it('gives the mean and Student’s interval of the figures that all runs have', () => {
    const runs = [1, 2, 3].map((x) => new Map([['a', x], ...(x === 2 ? [] : [['b', x] as const])]));
    const [metric, ...others] = meansOverSeeds(runs);
    expect(others).toEqual([]);
    // s = 1, t with 2 degrees of freedom 4.303: 4.303/√3 = 2.4843.
    expect(metric).toEqual({ name: 'a', value: 2, low: expect.closeTo(-0.4843, 4), high: expect.closeTo(4.4843, 4) });
  });
});
