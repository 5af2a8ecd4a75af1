/** A model version's figures beside those of the simple methods that it must beat. */
import type { AboveStrongestFragment } from '../../graphql/graphql';
import { formatDifference } from '../format/format';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly low?: number | null;
  readonly high?: number | null;
}

export interface QualityRow {
  /** Stable: `model`, `decoder`, `item-head`, or the baseline's name. */
  readonly id: string;
  readonly label: string;
  readonly kind: 'model' | 'head' | 'baseline';
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Figures that every method has, best known first. */
export type Compared = 'ndcg@10' | 'recall@10' | 'mrr';

export const FIGURE_LABELS: Readonly<Record<Compared, string>> = {
  'ndcg@10': 'NDCG@10',
  'recall@10': 'Recall@10',
  mrr: 'MRR',
};

const HEADS: Readonly<Record<string, string>> = { decoder: 'Decoder alone', 'item-head': 'Item head alone' };
const BASELINES: Readonly<Record<string, string>> = {
  popularity: 'Popularity',
  markov: 'Markov chain',
  'item-knn': 'Item-kNN',
  'item-knn-tuned': 'Item-kNN, tuned',
  ease: 'EASE',
  rp3beta: 'RP³β',
  'content-knn': 'Content-kNN',
  'own-items': 'Own items',
};

const baselineLabel = (name: string): string => BASELINES[name] ?? name;

/** Where a larger share of the held-out items are repeats, lists with the items that a user has tell how good a model is. */
const MANY_REPEATS = 0.5;

/** The figures that tell how good a model is, and how many users they are of. */
export interface ToldFigures {
  readonly figures: readonly Figure[];
  /** Undefined where a version does not say it. */
  readonly users: number | undefined;
  /** Whether the lists had items that the users already had. */
  readonly isSeenKept: boolean;
}

/** @returns Those of lists with seen items in a shop of repeats, under the names of the others; else those of lists without. */
export function toldFigures(figures: readonly Figure[]): ToldFigures {
  const valueOf = (wanted: string) => figures.find(({ name }) => name === wanted)?.value;
  const seenKept = figures.flatMap((figure) => {
    const name = /^seen-kept\.(.+)$/.exec(figure.name)?.[1];
    return name === undefined ? [] : [{ ...figure, name }];
  });
  // An older version of such a shop may have no figures of these lists.
  const isSeenKept = (valueOf('targets.repeated') ?? 0) > MANY_REPEATS && seenKept.length > 0;
  if (isSeenKept) return { figures: seenKept, users: valueOf('seen-kept.users'), isSeenKept };
  return { figures, users: valueOf('users'), isSeenKept };
}

/** @returns The model first, then its heads, then the baselines, best first. */
export function qualityRows(figures: readonly Figure[], compared: Compared): QualityRow[] {
  const rows = new Map<string, QualityRow>();
  for (const figure of figures) {
    const row = rowOf(figure, compared);
    if (row !== null) rows.set(row.id, row);
  }
  const order = { model: 0, head: 1, baseline: 2 };
  return [...rows.values()].sort((one, other) => order[one.kind] - order[other.kind] || other.value - one.value);
}

function rowOf({ name, value, low = null, high = null }: Figure, compared: Compared): QualityRow | null {
  const figures = { value, low, high };
  if (name === compared) return { id: 'model', label: 'This model', kind: 'model', ...figures };
  if (!name.endsWith(`.${compared}`)) return null;
  const method = name.slice(0, -compared.length - 1);
  if (method in HEADS) return { id: method, label: HEADS[method], kind: 'head', ...figures };
  const baseline = /^baseline\.(.+)$/.exec(method)?.[1];
  if (baseline === undefined) return null;
  return { id: baseline, label: baselineLabel(baseline), kind: 'baseline', ...figures };
}

/** @returns A sentence or two; undefined where the version does not tell. */
export function aboveStrongestText({ aboveStrongestBaseline: found }: AboveStrongestFragment): string | undefined {
  if (found == null) return undefined;
  const { baseline, seenKept, value, low, high } = found;
  const interval = low == null || high == null ? '' : ` [${formatDifference(low)}, ${formatDifference(high)}]`;
  const lists = seenKept ? ', in lists with items that the users already had' : '';
  const difference =
    `NDCG@10 above the strongest simple method (${baselineLabel(baseline)})${lists}: ` +
    `${formatDifference(value)}${interval}.`;
  const verdict = strongestVerdict(found);
  return verdict === null ? difference : `${verdict} without a model. ${difference}`;
}

/** @returns Null where the whole interval is above zero. */
export function strongestVerdict({
  value,
  low,
  high,
}: NonNullable<AboveStrongestFragment['aboveStrongestBaseline']>): string | null {
  if ((low ?? value) > 0) return null;
  return (high ?? value) < 0 ? 'Counts do better' : 'Counts do as well';
}
