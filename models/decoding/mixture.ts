/**
 * Mixes the model's two heads and the evidence beside them into one list:
 *
 * p(item) ∝ exp(textWeight · cosine) · Σ share · p(item | part)
 *
 * The sum is over the parts; the cosine is that of the item's text and the history's. By the share of `uniform` an item's text alone
 * brings it into a list.
 *
 * Source: a mixture with counts as in kNN-LM (Khandelwal et al., 2020), equation 2; the factor as in a product of experts (Hinton, 2002).
 */
import { rankTopK } from '../math/top-k';
import type { FoundItem } from './beam-search';

/** The parts of the sum: the two heads of the model, then what nothing learns. */
export const PARTS = ['decoder', 'itemHead', 'neighbours', 'repeats', 'popularity', 'uniform'] as const;
export type Part = (typeof PARTS)[number];

/** Share of each part; they sum to 1. */
export type Shares = Readonly<Record<Part, number>>;

export interface ListWeights {
  readonly shares: Shares;
  /** Nats that a cosine of 1 adds; 0: texts do not count. */
  readonly textWeight: number;
}

/** Items that may be in one user's list, and what each part says of them: plain data, which can cross a thread. */
export interface Candidates {
  /** Each once; int32 `[C]`. */
  readonly itemIds: Int32Array;
  /** Probability of each candidate by each part: 0 where the part does not know it; float64 `[C]`. Absent: the model has no such part. */
  readonly probabilities: Readonly<Partial<Record<Part, Float64Array>>>;
  /** Cosine of each candidate's text and the history's, 0 where one is unknown; float64 `[C]`; null: there are no texts. */
  readonly cosines: Float64Array | null;
  /** Σ p(item | part) · exp(textWeight · cosine) over the live items, with the weight of the text that was served; see `scoreOf`. */
  readonly sums: Readonly<Partial<Record<Part, number>>>;
  /** Items that the beam search found, best first. */
  readonly found: readonly FoundItem[];
}

/** One item of a list. This record goes unchanged from here through the worker to the API. */
export interface Recommendation {
  readonly itemId: number;
  /** Natural log of the probability by all parts together. */
  readonly score: number;
  /** The largest of the decoder's, the item head's and the evidence's part of the probability; of equal ones the first. */
  readonly source: 'GENERATED' | 'ITEM_HEAD' | 'EVIDENCE';
  /** The decoder's log-probability of the semantic ID; null: the beam search did not find the item. */
  readonly decoderScore: number | null;
  /** The item head's log-probability; null: there is no such head, or it does not know the item. */
  readonly itemHeadScore: number | null;
  /** The codes that the decoder wrote, coarse to fine; empty when `decoderScore` is null. */
  readonly codes: readonly number[];
  /** One per code; their sum is `decoderScore`. */
  readonly logProbabilities: readonly number[];
}

/** @returns Of each candidate exp(textWeight · cosine) · Σ share · p(item | part); float64 `[C]`. */
export function mixtureOf({ itemIds, probabilities, cosines }: Candidates, weights: ListWeights): Float64Array {
  const { shares, textWeight } = weights;
  const values = new Float64Array(itemIds.length);
  for (const part of PARTS) {
    const [share, ofPart] = [shares[part], probabilities[part]];
    if (share === 0 || ofPart === undefined) continue;
    for (let i = 0; i < values.length; i++) values[i] += share * ofPart[i];
  }
  if (textWeight === 0 || cosines === null) return values;
  for (let i = 0; i < values.length; i++) values[i] *= Math.exp(textWeight * cosines[i]);
  return values;
}

/** Items whose probability counts `factor` times for their rank. */
export interface RankBoost {
  readonly mask: { has(itemId: number): boolean };
  readonly factor: number;
}

interface ListRules {
  readonly boosts?: readonly RankBoost[];
  /** Items that come after those of the list, in no order. */
  readonly pinned?: readonly number[];
}

/**
 * @param rules - They change ranks, and no score.
 * @returns A list of all parts, best first, at most `first` long, and then those that are pinned.
 */
export function mix(
  candidates: Candidates,
  weights: ListWeights,
  first: number,
  { boosts = [], pinned = [] }: ListRules = {},
): Recommendation[] {
  const values = mixtureOf(candidates, weights);
  const ranks = boosts.length === 0 ? values : boosted(values, candidates.itemIds, boosts);
  const norm = PARTS.reduce((sum, part) => sum + weights.shares[part] * (candidates.sums[part] ?? 0), 0);
  const found = foundById(candidates);
  const best = rankTopK(ranks, first, (at) => values[at] > 0);
  const others = pinned
    .map((itemId) => candidates.itemIds.indexOf(itemId))
    .filter((at) => values[at] > 0 && !best.includes(at));
  return [...best, ...others].map((at) => ({
    ...learnedScores(candidates, weights.shares, at, found),
    score: Math.log(values[at] / norm),
  }));
}

function boosted(values: Float64Array, itemIds: Int32Array, boosts: readonly RankBoost[]): Float64Array {
  const ranks = values.slice();
  for (const { mask, factor } of boosts)
    for (let i = 0; i < ranks.length; i++) if (mask.has(itemIds[i])) ranks[i] *= factor;
  return ranks;
}

/**
 * A drawn priority is a log-probability with Gumbel noise. To add the logarithm of a factor to it draws the item, among those found, as if
 * it were so many times as likely: the Gumbel-top-k trick of Kool et al. (2019).
 *
 * @returns The decoder's list alone, in the order in which it was found, which may be drawn, but for boosts.
 */
export function decoderAlone(
  candidates: Candidates,
  first: number,
  boosts: readonly RankBoost[] = [],
): Recommendation[] {
  const positions = new Map(Array.from(candidates.itemIds, (itemId, at) => [itemId, at]));
  const found = foundById(candidates);
  const rankOf = ({ itemId, priority }: FoundItem) =>
    boosts.reduce((sum, { mask, factor }) => sum + (mask.has(itemId) ? Math.log(factor) : 0), priority);
  const list = boosts.length === 0 ? candidates.found : candidates.found.toSorted((a, b) => rankOf(b) - rankOf(a));
  return list.slice(0, first).map(({ itemId, score }) => ({
    ...learnedScores(candidates, alone('decoder').shares, positions.get(itemId)!, found),
    score,
  }));
}

/** @returns Weights of which one part has all. */
export function alone(part: Part): ListWeights {
  return { shares: sharesBy((one) => (one === part ? 1 : 0)), textWeight: 0 };
}

export function sharesBy(share: (part: Part) => number): Shares {
  return Object.fromEntries(PARTS.map((part) => [part, share(part)])) as unknown as Shares;
}

function foundById({ found }: Candidates): ReadonlyMap<number, FoundItem> {
  return new Map(found.map((one) => [one.itemId, one]));
}

function learnedScores(
  { itemIds, probabilities }: Candidates,
  shares: Shares,
  at: number,
  foundById: ReadonlyMap<number, FoundItem>,
): Omit<Recommendation, 'score'> {
  const byItemHead = probabilities.itemHead?.[at] ?? 0;
  const found = foundById.get(itemIds[at]);
  return {
    itemId: itemIds[at],
    source: sourceOf((part) => shares[part] * (probabilities[part]?.[at] ?? 0)),
    decoderScore: found?.score ?? null,
    itemHeadScore: byItemHead > 0 ? Math.log(byItemHead) : null,
    codes: found?.codes ?? [],
    logProbabilities: found?.logProbabilities ?? [],
  };
}

function sourceOf(weightOf: (part: Part) => number): Recommendation['source'] {
  const [decoder, itemHead] = [weightOf('decoder'), weightOf('itemHead')];
  const evidence = PARTS.reduce((sum, part) => sum + weightOf(part), 0) - decoder - itemHead;
  if (decoder >= itemHead && decoder >= evidence) return 'GENERATED';
  return itemHead >= evidence ? 'ITEM_HEAD' : 'EVIDENCE';
}
