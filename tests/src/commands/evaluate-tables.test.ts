import { experimentTables } from '../../../src/commands/evaluate-tables';
import type { Experiment } from '../../../src/experiments/experiment';

const metric = (name: string, value: number, half: number | null = null) => ({
  name,
  value,
  low: half === null ? null : value - half,
  high: half === null ? null : value + half,
});
const RANKING = ['recall@5', 'recall@10', 'recall@20', 'ndcg@5', 'ndcg@10', 'ndcg@20', 'mrr'];
const ranking = (prefix: string, value: number) => RANKING.map((name) => metric(`${prefix}${name}`, value, 0.01));

const run = (seed: number, value: number) => ({
  seed,
  device: 'an engine',
  parameterCount: 10,
  seconds: 60,
  metrics: ranking('', value),
  validations: [],
});

const experiment: Experiment = {
  dataset: './shop',
  preset: 'tiny',
  seeds: [1, 2],
  rule: 'by-date',
  cut: '2013-06-15',
  ties: 'shuffled',
  coldShare: 0.05,
  intervals: 'over seeds',
  metrics: [
    ...ranking('', 0.25),
    ...ranking('decoder.', 0.2),
    ...ranking('above.decoder.', -0.05),
    ...ranking('above.strongest-baseline.', 0.15),
    ...ranking('seen-kept.', 0.15),
    ...ranking('baseline.popularity.', 0.05),
    ...ranking('baseline.markov.', 0.1),
    metric('coverage@10', 0.5),
    metric('cold.decoder.reserved-1.recall@10', 0.0811, 0.01),
    metric('cold.decoder.reserved-1.all.ndcg@10', 0.24, 0.01),
    metric('diversity.all.0.ndcg@10', 0.2),
    metric('diversity.all.1.5.ndcg@10', 0.1),
    metric('diversity.all.1.5.entropy@10', 1.14),
    metric('diversity.level-0.1.5.ndcg@10', 0.12),
    metric('cpu-seconds', 123),
    metric('users', 508),
  ],
  runs: [run(1, 0.3), run(2, 0.2)],
};

/** Lines, each as its cells. */
const lines = experimentTables(experiment)
  .split('\n')
  .map((line) => line.trim().split(/ {2,}/));
const row = (title: string) => lines.find(([first]) => first === title);

describe('experimentTables', () => {
  it('has a row per seed, their mean, the rankings that the experiment has, and the baselines', () => {
    expect(row('tiger, seed 1')?.slice(1, 3)).toEqual(['0.3000', '0.3000']);
    expect(row('tiger, mean of seeds')?.slice(-2)).toEqual(['0.2400–0.2600', '0.2400–0.2600']);
    expect(row('seen items kept')?.[1]).toBe('0.1500');
    expect(row('above the decoder alone')?.slice(-1)).toEqual(['-0.0600–-0.0400']);
    expect(row('above the strongest baseline (markov)')?.slice(-1)).toEqual(['0.1400–0.1600']);
    expect(row('item head alone')).toBeUndefined();
    expect(row('markov')?.[1]).toBe('0.1000');
  });

  it('lists the figures that are in no table', () => {
    expect(row('cpu-seconds')).toEqual(['cpu-seconds', '123']);
    expect(row('cold.decoder.reserved-1.recall@10')?.[1]).toBe('0.0811');
    expect(row('diversity.all.1.5.ndcg@10')?.[1]).toBe('0.1000');
    expect(lines.flat().filter((cell) => cell.startsWith('baseline.'))).toEqual([]);
  });
});
