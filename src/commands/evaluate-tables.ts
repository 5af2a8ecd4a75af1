/** Prints an experiment as tables for people at a terminal. */
import { aboveStrongest } from '../../graphql/model-version/strongest-baseline';
import type { Evaluation } from '../experiments/evaluation';
import type { Experiment } from '../experiments/experiment';
import { type Cell, formatFigure, formatTable } from './text-table';

type Metrics = Evaluation['metrics'];
/** @returns The cell of a metric; null when the experiment does not have it. */
type Figures = (name: string) => Cell;

const RANKING = ['recall@5', 'recall@10', 'recall@20', 'ndcg@5', 'ndcg@10', 'ndcg@20', 'mrr'];
const INTERVALS = ['recall@10', 'ndcg@10'];
const HEADS = [
  ['tiger', ''],
  ['  decoder alone', 'decoder.'],
  ['  item head alone', 'item-head.'],
] as const;
/** Figures of the mixture minus those of a head alone. */
const ABOVE = [
  ['  above the decoder alone', 'above.decoder.'],
  ['  above the item head alone', 'above.item-head.'],
] as const;
const SEEN_KEPT = [
  ['  seen items kept', 'seen-kept.'],
  ['  decoder alone, seen kept', 'seen-kept.decoder.'],
  ['  item head alone, seen kept', 'seen-kept.item-head.'],
] as const;
const BASELINE = /^((?:seen-kept\.)?baseline\.(.+)\.)mrr$/;
/** Metrics that are in the table. */
const TABLED = /^(?!cold|diversity\.).*((recall|ndcg)@|mrr$)/;

export function experimentTables(experiment: Experiment): string {
  const { metrics } = experiment;
  const tables = [heading(experiment), rankingTable(experiment), otherFigures(metrics)];
  return tables.filter((table) => table !== '').join('\n\n');
}

const RULES = {
  'leave-one-out': "the last item of each user's history",
  'last-basket': "the last basket of each user's history",
  'by-date': "each user's purchases",
};

function heading(experiment: Experiment): string {
  const { dataset, preset, rule, cut, ties, coldShare, metrics, intervals, runs } = experiment;
  const users = metrics.find(({ name }) => name === 'users')?.value ?? 0;
  const when = cut === null ? '' : ` in the 30 days from ${cut} on`;
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  const withheld = coldShare === 0 ? '' : `, ${coldShare * 100} % of the items withheld`;
  return [
    `${dataset}: ${preset}, seed ${runs.map(({ seed }) => seed).join(', ')}, ties ${ties}${withheld}`,
    `On ${runs[0].device}, ${Math.round(seconds)} s.`,
    `Holds out ${RULES[rule]}${when} (${rule}): ${Math.round(users)} users are tested.`,
    'Ranks the held-out items among all items, without those that the user already has, unless a row says that they are kept.',
    `95 % intervals ${intervals}.`,
  ].join('\n');
}

function rankingTable({ metrics, runs }: Experiment): string {
  const ofSeeds = runs.length === 1 ? [] : runs.map((run) => rankingRow(run.metrics, `tiger, seed ${run.seed}`, ''));
  const baselines = metrics.flatMap(({ name }) => {
    const found = BASELINE.exec(name);
    return found === null
      ? []
      : [[`${found[2]}${name.startsWith('seen-kept.') ? ', seen kept' : ''}`, found[1]] as const];
  });
  const ofLists = [...HEADS, ...ABOVE, ...strongest(metrics, false), ...SEEN_KEPT, ...strongest(metrics, true)];
  const all = [...ofLists, ...baselines].filter(([, prefix]) => has(metrics, prefix));
  const rows = all.map(([title, prefix]) => rankingRow(metrics, title, prefix));
  if (rows.length === 0) return ''; // nobody has anything held out
  if (runs.length > 1) rows[0][0] = 'tiger, mean of seeds';
  return formatTable(['', ...RANKING, ...INTERVALS.map((name) => `${name}, 95 %`)], [...ofSeeds, ...rows]);
}

/** @returns The row of the differences to the strongest baseline, with its name. */
function strongest(metrics: Metrics, seenKept: boolean): (readonly [title: string, prefix: string])[] {
  const found = aboveStrongest(metrics, seenKept);
  if (found === null) return [];
  const [kept, lists] = seenKept ? [', seen kept', 'seen-kept.'] : ['', ''];
  return [[`  above the strongest baseline (${found.baseline})${kept}`, `${lists}above.strongest-baseline.`]];
}

function rankingRow(metrics: Metrics, title: string, prefix: string): Cell[] {
  const cell = figures(metrics);
  const interval = (name: string) => {
    const metric = metrics.find((one) => one.name === `${prefix}${name}`);
    return metric?.low == null || metric.high == null
      ? null
      : `${formatFigure(metric.low)}–${formatFigure(metric.high)}`;
  };
  return [title, ...RANKING.map((name) => cell(`${prefix}${name}`)), ...INTERVALS.map(interval)];
}

function otherFigures(metrics: Metrics): string {
  const others = metrics.filter(({ name }) => !TABLED.test(name));
  return formatTable(
    ['', ''],
    others.map(({ name, value }) => [name, formatFigure(value)]),
  ).trim();
}

function has(metrics: Metrics, prefix: string): boolean {
  return metrics.some(({ name }) => name === `${prefix}mrr`);
}

function figures(metrics: Metrics): Figures {
  const values = new Map(metrics.map(({ name, value }) => [name, formatFigure(value)]));
  return (name) => values.get(name) ?? null;
}
