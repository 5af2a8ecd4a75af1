/** Chooses on validation how much the parts of the item head count that are not trained: texts and neighbours. */
import type { HeldOut } from '../data/interactions';
import { neighbourProbabilities, type NeighbourTable } from '../decoding/neighbour-mixture';
import type { ItemHeadWeights } from '../serving/tiger-model';
import { rankBaseline, type BaselineScorer } from './baselines';
import { chooseShare, headRanks, SHARES, type HeldOutRanker, type RankOptions } from './evaluate';
import { hitRank, isClearlyBetter, meanNdcg } from './metrics';

type TriedWeight = 'textWeight' | 'neighbourShare';

/** What is tried of each weight. Without a value that helps, the part stays out. */
const TRIED: Readonly<Record<TriedWeight, readonly number[]>> = {
  textWeight: [0, 1, 2, 3, 4, 6, 8],
  neighbourShare: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
};
/** From shops where only the last items count to shops where a whole history does. */
const DECAYS = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1];
/** Enough that the difference of two values has a standard error of .002 of NDCG@10. */
const USERS = 4000;
const VALIDATION = { part: 'validation', users: USERS } as const;
/** What NDCG@10 reads of a list. */
const LENGTH = 10;

export type WeightPasses = Readonly<Record<TriedWeight, readonly RankOptions[]>>;

/** @param plan - Makes the options of one pass over users. @returns The passes that `chooseWeights` needs. */
export function weightPasses(
  ranker: HeldOutRanker,
  plan: (options: Pick<RankOptions, 'part' | 'users'>) => RankOptions,
): WeightPasses {
  const passes = (name: TriedWeight, isThere: boolean) => (isThere ? TRIED[name].map(() => plan(VALIDATION)) : []);
  return {
    textWeight: passes('textWeight', ranker.hasTexts),
    neighbourShare: passes('neighbourShare', ranker.hasItemHead),
  };
}

/** Leaves the ranker with the weights that validation chooses: the decay by the neighbours alone, then the texts, then the neighbours. */
export async function chooseWeights(
  ranker: HeldOutRanker,
  neighbours: NeighbourTable,
  passes: WeightPasses,
): Promise<ItemHeadWeights> {
  ranker.setWeights({ neighbourDecay: chooseDecay(neighbours, ranker.cases(VALIDATION)) });
  await chooseValue(ranker, 'textWeight', passes.textWeight);
  await chooseValue(ranker, 'neighbourShare', passes.neighbourShare);
  return ranker.weights;
}

/** The neighbours alone, as a baseline. */
export function neighbourScorer(neighbours: NeighbourTable, decay: number): BaselineScorer {
  return (history, scores) =>
    neighbourProbabilities(neighbours, history, decay).forEach((probability, item) => (scores[item] = probability));
}

/** @returns The decay with the best NDCG@10; of equally good ones the smaller. */
export function chooseDecay(neighbours: NeighbourTable, cases: readonly HeldOut[]): number {
  const numItems = neighbours.offsets.length - 1;
  const figures = DECAYS.map((decay) => {
    const lists = rankBaseline(neighbourScorer(neighbours, decay), cases, numItems, LENGTH);
    return meanNdcg(lists.map((list, i) => hitRank(list, cases[i].targets)));
  });
  return DECAYS[figures.indexOf(Math.max(...figures))];
}

/**
 * Sets the smallest value that validation finds as good as the best: than which the best is not better by more than the standard
 * error of the difference. So chance does not bring a part into a shop where it does not help.
 *
 * @param passes - One per value; none: nothing is tried.
 */
async function chooseValue(ranker: HeldOutRanker, name: TriedWeight, passes: readonly RankOptions[]): Promise<void> {
  const tried: { readonly value: number; readonly served: number; readonly ranks: readonly number[] }[] = [];
  for (const [i, pass] of passes.entries()) {
    const value = TRIED[name][i];
    ranker.setWeights({ [name]: value });
    const ofUsers = await ranker.rank(pass, headRanks);
    const { share, served } = chooseShare(ofUsers);
    tried.push({ value, served, ranks: ofUsers.map(({ fused }) => fused[SHARES.indexOf(share)]) });
  }
  if (tried.length === 0) return;
  const best = tried.reduce((a, b) => (b.served > a.served ? b : a));
  const chosen = tried.find(({ ranks }) => !isClearlyBetter(best.ranks, ranks)) ?? best;
  ranker.setWeights({ [name]: chosen.value });
}
