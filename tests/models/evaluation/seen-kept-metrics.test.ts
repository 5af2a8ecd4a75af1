import { planSeenKept, reportOnSeenKept } from '../../../models/evaluation/seen-kept-metrics';
import type { TunedMatrix } from '../../../models/evaluation/tuned-matrices';
import { neighbourTable } from '../../../models/training/neighbour-table';
import { logOf } from '../../support/little-log';
import { planOnTest, tellingRanker, valuesOf } from '../../support/telling-ranker';

const NUM_ITEMS = 4;
const SECOND = 1 / Math.log2(3);
const WEIGHTS = { itemHeadShare: 0.9, neighbourShare: 0.3, neighbourDecay: 0.9, repeatShare: 0, repeatDecay: 0.9 };

/** Each user takes 0 and 1 by turns, and wants 0 again. */
const AGAIN = logOf(Array<number[][]>(5).fill([[0], [1], [0], [1], [0]]));

/** It puts 0 first. */
const EASE: TunedMatrix = { name: 'ease', scorer: (_, scores) => (scores[0] = 1), constants: {} };

async function measure(log = AGAIN, itemHead: readonly number[] = [2, 0]) {
  const { ranker, asked } = tellingRanker({ log, numItems: NUM_ITEMS, decoder: [0, 3, 2], itemHead });
  const passes = planSeenKept(['ease'], planOnTest, planOnTest);
  const before = ranker.weights;
  const neighbours = neighbourTable(log, ranker.input.split, NUM_ITEMS);
  const warnings: string[] = [];
  const parts = { ranker, neighbours, onWarning: (message: string) => warnings.push(message) };
  const { metrics, compare } = await reportOnSeenKept(parts, passes, WEIGHTS);
  return { ranker, asked, before, passes, warnings, values: valuesOf([...metrics, ...(await compare([EASE]))]) };
}

describe('reportOnSeenKept', () => {
  it('measures lists with the items that the users have, of each head and as they are served', async () => {
    const { values } = await measure();
    expect(values.get('seen-kept.decoder.ndcg@10')).toBe(1);
    expect(values.get('seen-kept.item-head.ndcg@10')).toBeCloseTo(SECOND, 12);
    // .1 · .5 + .9 · .25 for item 0, .1 · .125 + .9 · .5 for item 2
    expect(values.get('seen-kept.ndcg@10')).toBeCloseTo(SECOND, 12);
    expect(values.get('seen-kept.users')).toBe(5);
  });

  it('measures baselines that list what the user has', async () => {
    const { values } = await measure();
    // The training part has 0 twice and 1 once.
    expect(values.get('seen-kept.baseline.popularity.ndcg@10')).toBe(1);
    // The newest first: 1 has 1 + .9², and 0 has .9 + .9³.
    expect(values.get('seen-kept.baseline.own-items.ndcg@10')).toBeCloseTo(SECOND, 12);
    expect(values.has('seen-kept.baseline.item-knn.ndcg@10')).toBe(true);
    expect(values.has('seen-kept.baseline.item-knn-tuned.ndcg@10')).toBe(true);
    expect(values.get('seen-kept.baseline.ease.ndcg@10')).toBe(1);
    expect(values.get('seen-kept.above.strongest-baseline.ndcg@10')).toBeCloseTo(SECOND - 1, 12);
  });
});
