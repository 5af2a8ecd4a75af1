/** Chooses on validation the weights of those parts of a model that are not trained: texts, neighbours and repeats. */
import { MEASURED_USERS } from '../config';
import { trainingCounts, type HeldOut } from '../data/interactions';
import { neighbourProbabilities, type NeighbourTable } from '../decoding/evidence';
import type { Candidates } from '../decoding/fusion';
import type { ItemHeadWeights, SeenKeptWeights } from '../serving/tiger-parts';
import type { Mixture } from '../serving/tiger-request';
import { ownItems, rankBaseline, thenPopular, type BaselineScorer, type Watch } from './baselines';
import { chooseShare, headRanks, ITEM_HEAD_SHARES, SHARES, type HeadRanks } from './head-ranks';
import type { EvaluationInput, HeldOutRanker, RankOptions } from './held-out-ranker';
import { bestOf, departs, hitRank, isClearlyBetter } from './metrics';
import type { PlanPass } from './test-lists';

/** Weights of the texts that are tried. */
const TEXT_WEIGHTS = [0, 1, 2, 3, 4, 6, 8, 12, 16];
/** From shops where only the last items count to shops where a whole history does. */
const DECAYS = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1];
/** Shops choose these most often; they hold where validation does not tell: see `bestOf`. */
const PRIOR = { text: TEXT_WEIGHTS.indexOf(1), neighbours: SHARES.indexOf(0.5), decay: DECAYS.indexOf(0.9) };
const VALIDATION = { part: 'validation', users: MEASURED_USERS.validation } as const;
const SEEN_KEPT = { ...VALIDATION, isSeenKept: true } as const;
/** NDCG@10 reads so much of a list. */
const LENGTH = 10;

export interface WeightPasses {
  /** One a decay that is tried. */
  readonly decays: readonly RankOptions[];
  /** One a weight that is tried; none: there are no texts. */
  readonly texts: readonly RankOptions[];
  /** One for all shares; null: there is no item head. */
  readonly neighbours: RankOptions | null;
}

/** @returns The passes that `chooseWeights` needs. */
export function weightPasses(ranker: HeldOutRanker, plan: PlanPass): WeightPasses {
  return {
    decays: DECAYS.map(() => plan(VALIDATION)),
    texts: ranker.hasTexts ? TEXT_WEIGHTS.map(() => plan(VALIDATION)) : [],
    neighbours: ranker.hasItemHead ? plan(VALIDATION) : null,
  };
}

/**
 * Leaves the ranker with the weights that validation chooses: the decay by the neighbours alone, then the texts, then the neighbours.
 */
export async function chooseWeights(
  ranker: HeldOutRanker,
  neighbours: NeighbourTable,
  passes: WeightPasses,
): Promise<ItemHeadWeights> {
  ranker.setWeights({ neighbourDecay: await chooseDecay(neighbours, ranker.cases(VALIDATION), passes.decays) });
  if (passes.texts.length > 0) ranker.setWeights({ textWeight: await chooseTextWeight(ranker, passes.texts) });
  if (passes.neighbours) ranker.setWeights({ neighbourShare: await chooseNeighbourShare(ranker, passes.neighbours) });
  return ranker.weights;
}

export type SeenKeptPasses = Pick<WeightPasses, 'decays'> & {
  /** One a decay of the repeats that is tried. */
  readonly repeatDecays: readonly RankOptions[];
  readonly neighbours: RankOptions;
  /** One for all shares of the repeats. */
  readonly repeats: RankOptions;
};

/** @returns The passes that `chooseSeenKept` needs. */
export function seenKeptPasses(plan: PlanPass): SeenKeptPasses {
  const plain = { ...SEEN_KEPT, found: new Map() };
  return {
    decays: DECAYS.map(() => plan(SEEN_KEPT)),
    repeatDecays: DECAYS.map(() => plan(SEEN_KEPT)),
    neighbours: plan(plain),
    repeats: plan(plain),
  };
}

/**
 * Chooses the weights for lists with seen items in the same way, and after the neighbours the repeats; the weight of the texts stays.
 * Leaves the ranker as it is.
 */
export async function chooseSeenKept(
  ranker: HeldOutRanker,
  neighbours: NeighbourTable,
  passes: SeenKeptPasses,
): Promise<SeenKeptWeights> {
  const before = ranker.weights;
  const cases = ranker.cases(SEEN_KEPT);
  const neighbourDecay = await chooseDecay(neighbours, cases, passes.decays);
  const repeatDecay = await chooseRepeatDecay(ranker.input, cases, passes.repeatDecays);
  ranker.setWeights({ neighbourDecay, repeatDecay });
  const neighbourShare = await chooseNeighbourShare(ranker, passes.neighbours);
  ranker.setWeights({ neighbourShare });
  const tried = await ranksByShare(ranker, passes.repeats, (mixture, share) => mixture(neighbourShare, share));
  const [chosen] = asGoodAsBest(tried, SHARES.indexOf(0)); // the smallest
  ranker.setWeights(before);
  const { share } = chooseShare(tried[chosen], true);
  return { itemHeadShare: share, neighbourShare, neighbourDecay, repeatShare: SHARES[chosen], repeatDecay };
}

async function chooseTextWeight(ranker: HeldOutRanker, passes: readonly RankOptions[]): Promise<number> {
  const tried: HeadRanks[][] = [];
  for (const [i, pass] of passes.entries()) {
    ranker.setWeights({ textWeight: TEXT_WEIGHTS[i] });
    tried.push(await ranker.rank(pass, headRanks));
  }
  return TEXT_WEIGHTS[asGoodAsBest(tried, PRIOR.text)[0]]; // the smallest: with 0 the server needs no texts
}

/** @returns The share nearest to the prior one of those that are as good as the best. A smaller one lost on both shops known. */
async function chooseNeighbourShare(ranker: HeldOutRanker, pass: RankOptions): Promise<number> {
  const tried = await ranksByShare(ranker, pass, (mixture, share) => mixture(share));
  const distance = (index: number) => Math.abs(index - PRIOR.neighbours);
  return SHARES[asGoodAsBest(tried, PRIOR.neighbours).reduce((a, b) => (distance(b) < distance(a) ? b : a))];
}

/** @returns The users' ranks with each of `SHARES`. */
async function ranksByShare(
  ranker: HeldOutRanker,
  pass: RankOptions,
  mixed: (mixture: Mixture, share: number) => Candidates,
): Promise<HeadRanks[][]> {
  const ofUsers = await ranker.rankMixtures(pass, (one, mixture) =>
    SHARES.map((share) => headRanks(one, mixed(mixture, share))),
  );
  return SHARES.map((_, i) => ofUsers.map((ranks) => ranks[i]));
}

/** The neighbours alone, as a baseline. */
function neighbourScorer(neighbours: NeighbourTable, decay: number): BaselineScorer {
  return (history, scores) =>
    neighbourProbabilities(neighbours, history, decay).forEach((probability, item) => (scores[item] = probability));
}

/** Item-kNN with the decay that validation chose, and popularity for what it says nothing of. */
export function tunedItemKnn(
  { log, split, semanticIds }: EvaluationInput,
  neighbours: NeighbourTable,
  decay: number,
): BaselineScorer {
  return thenPopular(neighbourScorer(neighbours, decay), trainingCounts(log, split, semanticIds.length));
}

/** @returns The decay with the best NDCG@10: see `bestOf`. */
export async function chooseDecay(
  neighbours: NeighbourTable,
  cases: readonly HeldOut[],
  passes: readonly DecayPass[],
): Promise<number> {
  return (await byBestDecay(neighbours, cases, passes)).decay;
}

/** @returns The users' ranks by the neighbours alone, with the decay that is best for them. */
export async function neighbourRanks(
  neighbours: NeighbourTable,
  cases: readonly HeldOut[],
  watch: DecayPass,
): Promise<readonly number[]> {
  const passes = DECAYS.map(() => watch);
  return (await byBestDecay(neighbours, cases, passes)).ranks;
}

function byBestDecay(
  neighbours: NeighbourTable,
  cases: readonly HeldOut[],
  passes: readonly DecayPass[],
): Promise<DecayChoice> {
  return bestDecay((decay) => neighbourScorer(neighbours, decay), neighbours.offsets.length - 1, cases, passes);
}

/** @returns The decay with which the users' own items have the best NDCG@10. */
async function chooseRepeatDecay(
  { log, split, semanticIds }: EvaluationInput,
  cases: readonly HeldOut[],
  passes: readonly DecayPass[],
): Promise<number> {
  const popularity = trainingCounts(log, split, semanticIds.length);
  return (await bestDecay((decay) => ownItems(popularity, decay), semanticIds.length, cases, passes)).decay;
}

type DecayPass = Watch & Pick<RankOptions, 'isSeenKept'>;

interface DecayChoice {
  readonly decay: number;
  /** The users' ranks with it. */
  readonly ranks: readonly number[];
}

async function bestDecay(
  scorerOf: (decay: number) => BaselineScorer,
  numItems: number,
  cases: readonly HeldOut[],
  passes: readonly DecayPass[],
): Promise<DecayChoice> {
  const size = { numItems, k: LENGTH };
  const tried: number[][] = [];
  for (const [i, pass] of passes.entries()) {
    const lists = await rankBaseline(scorerOf(DECAYS[i]), cases, size, pass);
    tried.push(lists.map((list, user) => hitRank(list, cases[user].targets)));
  }
  const best = bestOf(tried, PRIOR.decay);
  return { decay: DECAYS[best], ranks: tried[best] };
}

/**
 * Finds the values that validation cannot tell from the best: the best is better by at most the standard error of the difference. Where all
 * values are equally good, or the users are few and the best is not clearly better than the prior value, the prior value holds.
 *
 * @param tried - The users' ranks with each value.
 * @param prior - Index of the prior value.
 * @returns Indices of the values, ascending; one or more.
 */
function asGoodAsBest(tried: readonly (readonly HeadRanks[])[], prior: number): number[] {
  const lists = tried.map((ofUsers) => {
    const { share, served } = chooseShare(ofUsers, true); // only a model with an item head has these parts
    return { served, ranks: ofUsers.map(({ fused }) => fused[ITEM_HEAD_SHARES.indexOf(share)]) };
  });
  const best = lists.reduce((a, b) => (b.served > a.served ? b : a));
  if (lists.every(({ served }) => served === best.served) || !departs(best.ranks, lists[prior].ranks)) return [prior];
  return [...lists.keys()].filter((i) => lists[i] === best || !isClearlyBetter(best.ranks, lists[i].ranks));
}
