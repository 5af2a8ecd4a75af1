import { heldOut, splitLog, type HeldOut } from '../../../models/data/interactions';
import type { NeighbourTable } from '../../../models/decoding/evidence';
import type { Candidates } from '../../../models/decoding/fusion';
import type { Watch } from '../../../models/evaluation/baselines';
import type { HeldOutRanker, RankOptions } from '../../../models/evaluation/held-out-ranker';
import {
  chooseDecay,
  chooseSeenKept,
  chooseWeights,
  seenKeptPasses,
  weightPasses,
} from '../../../models/evaluation/item-head-weights';
import type { PlanPass } from '../../../models/evaluation/test-lists';
import { type ItemHeadWeights, NO_WEIGHTS } from '../../../models/serving/tiger-parts';
import type { Mixture } from '../../../models/serving/tiger-request';
import { neighbourTable } from '../../../models/training/neighbour-table';
import { caseOf, logOf } from '../../support/little-log';

const LOG = logOf([[[0], [1], [2], [3]]]);
const NEIGHBOURS = neighbourTable(LOG, splitLog(LOG), 4);
const WATCH: Watch = { signal: new AbortController().signal };
const plan: PlanPass = (options) => ({ part: 'validation', ...WATCH, ...options });

/** The user's target at this rank; 0: it is in no list. */
function candidatesOf({ targets: [target] }: HeldOut, rank: number): Candidates {
  const itemIds = Array.from({ length: 10 }, (_, i) => (i + 1 === rank ? target : 100 + i));
  const decoder = itemIds.map((itemId, i) => ({ itemId, score: -i, codes: [], logProbabilities: [] }));
  return { decoder, itemHead: null, itemHeadScore: () => null };
}

/** @param rankAt - The rank of a user's target under these weights. */
function rankerOf(
  rankAt: (weights: ItemHeadWeights, user: number) => number,
  parts = { hasTexts: true, hasItemHead: true },
  users = 5,
) {
  const passes: ItemHeadWeights[] = [];
  const cases = () => heldOut(LOG, splitLog(LOG), 'validation');
  const [one] = cases();
  const ranker = {
    ...parts,
    input: { log: LOG, split: splitLog(LOG), semanticIds: [[0], [1], [2], [3]], codebookSize: 4, seed: 1 },
    passes,
    weights: NO_WEIGHTS,
    setWeights: (weights: Partial<ItemHeadWeights>) => (ranker.weights = { ...ranker.weights, ...weights }),
    cases,
    rank: (options: RankOptions, keep: (one: HeldOut, candidates: Candidates) => unknown) =>
      ranker.rankMixtures(options, (user, mixture) => keep(user, mixture(ranker.weights.neighbourShare))),
    rankMixtures: (_: RankOptions, keep: (one: HeldOut, mixture: Mixture) => unknown) => {
      passes.push(ranker.weights);
      const kept = Array.from({ length: users }, (_, i) => 1 + i).map((user) =>
        keep(one, (neighbourShare, repeatShare = ranker.weights.repeatShare) =>
          candidatesOf(one, rankAt({ ...ranker.weights, neighbourShare, repeatShare }, user)),
        ),
      );
      return Promise.resolve(kept);
    },
  };
  return ranker as typeof ranker & HeldOutRanker;
}

function choose(ranker: HeldOutRanker): Promise<ItemHeadWeights> {
  return chooseWeights(ranker, NEIGHBOURS, weightPasses(ranker, plan));
}

describe('chooseWeights', () => {
  it('leaves the ranker with the weights whose lists are best', async () => {
    const ranker = rankerOf(
      ({ textWeight, neighbourShare }) => (textWeight === 3 ? 1 : 2) + (neighbourShare === 0.4 ? 0 : 1),
    );
    expect(await choose(ranker)).toMatchObject({ textWeight: 3, neighbourShare: 0.4 });
    expect(ranker.weights).toMatchObject({ textWeight: 3, neighbourShare: 0.4 });
  });

  const mixed = ({ textWeight }: ItemHeadWeights, user: number) =>
    textWeight === 4 && user !== 2 ? [0, 1][user % 2] : 3;

  it('takes the share of the neighbours nearest to one half among those that validation cannot tell apart', async () => {
    const alike = [0.1, 0.3, 0.5];
    const rankAt = ({ neighbourShare }: ItemHeadWeights, user: number) => {
      if (!alike.includes(neighbourShare)) return 9;
      return user % 3 === alike.indexOf(neighbourShare) || user === 0 ? 1 : 2;
    };
    expect(await choose(rankerOf(rankAt, undefined, 100))).toMatchObject({ neighbourShare: 0.5 });
  });

  it.each<[string, (weights: ItemHeadWeights, user: number) => number, number]>([
    ['nobody is there to tell', () => 1, 0],
    ['nobody has a hit', () => 0, 100],
    ['nothing depends on them', () => 1, 100],
    ['few users tell, of whom some gain and another loses', mixed, 5],
  ])('keeps to the prior weights where %s', async (_, rankAt, users) => {
    expect(await choose(rankerOf(rankAt, undefined, users))).toMatchObject({ textWeight: 1, neighbourShare: 0.5 });
  });
});

describe('chooseSeenKept', () => {
  it('gives repeats the smallest share that is as good as the best, beside the neighbours that it chose before', async () => {
    const ranker = rankerOf(({ neighbourShare, repeatShare }) =>
      neighbourShare === 0.6 ? (repeatShare >= 0.3 ? 1 : 3) : 4,
    );
    const passes = seenKeptPasses(plan);
    expect(await chooseSeenKept(ranker, NEIGHBOURS, passes)).toMatchObject({ neighbourShare: 0.6, repeatShare: 0.3 });
  });
});

describe('chooseDecay', () => {
  const decayOf = (table: NeighbourTable, cases: readonly HeldOut[]) =>
    chooseDecay(table, cases, Array<Watch>(8).fill(WATCH));
  // After 0 comes 5, and after 1 comes 6: the users below end with 0 or have it farther back.
  const taught = (often: number) => [...Array<number[]>(often).fill([0, 5]), ...Array<number[]>(3).fill([1, 6])];

  it.each([
    ['the newest item is nearly all that counts', 16, [0, 1, 6], 0.3], // 16/√17 · .5 > 3/√4 > 16/√17 · .3
    ['older items count too', 4, [0, 1, 5], 0.9], // 4/√5 · .9 > 3/√4 > 4/√5 · .8
  ])('finds that %s', async (_, often, [first, second, target], expected) => {
    const others = taught(often);
    const log = logOf([...others.map((items) => items.map((item) => [item])), [[first], [second], [target], [7]]]);
    const all = { ...splitLog(log), trainEnd: log.offsets.slice(1) };
    all.trainEnd[others.length] = log.offsets[others.length];
    const table = neighbourTable(log, all, 8);
    const one = caseOf([first, second], [target]);
    expect(await decayOf(table, Array<HeldOut>(5).fill(one))).toBe(expected);
  });
});
