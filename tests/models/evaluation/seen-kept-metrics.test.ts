import { planSeenKept, reportOnSeenKept } from '../../../models/evaluation/seen-kept-metrics';
import type { TunedMatrix } from '../../../models/evaluation/tuned-matrices';
import { neighbourTable } from '../../../models/training/counted-evidence';
import { listMaking } from '../../support/candidates';
import { logOf } from '../../support/little-log';
import { planOnTest, tellingRanker, valuesOf } from '../../support/telling-ranker';

const NUM_ITEMS = 4;
const SECOND = 1 / Math.log2(3);
const SERVED = listMaking({ decoder: 0.1, itemHead: 0.9 }, { neighbourDecay: 0.9, repeats: { ageing: 0, kinds: 0 } });
const WEIGHTS = { served: SERVED, evidence: listMaking({ neighbours: 1 }) };

/** Each user takes 0 and 1 by turns, and wants 0 again. */
const AGAIN = logOf(Array<number[][]>(5).fill([[0], [1], [0], [1], [0]]));

/** It puts 0 first. */
const EASE: TunedMatrix = { name: 'ease', scorer: (_, scores) => (scores[0] = 1), constants: {} };

async function measure() {
  const orders = { decoder: [0, 3, 2], itemHead: [2, 0], neighbours: [3, 0] };
  const { ranker } = tellingRanker({ log: AGAIN, numItems: NUM_ITEMS, ...orders });
  const passes = planSeenKept(['ease'], planOnTest, planOnTest);
  const neighbours = neighbourTable(AGAIN, ranker.input.split, NUM_ITEMS);
  const parts = { ranker, neighbours, signal: new AbortController().signal, onWarning: () => undefined };
  const { metrics, compare } = await reportOnSeenKept(parts, passes, WEIGHTS);
  return valuesOf([...metrics, ...(await compare([EASE]))]);
}

describe('reportOnSeenKept', () => {
  it('measures lists with the items that the users have, of each head and as they are served', async () => {
    const values = await measure();
    expect(values.get('seen-kept.decoder.ndcg@10')).toBe(1);
    expect(values.get('seen-kept.item-head.ndcg@10')).toBeCloseTo(SECOND, 12);
    // .1 · .5 + .9 · .25 for item 0, .1 · .125 + .9 · .5 for item 2
    expect(values.get('seen-kept.ndcg@10')).toBeCloseTo(SECOND, 12);
    expect(values.get('seen-kept.users')).toBe(5);
  });

  it('measures baselines that list what the user has', async () => {
    const values = await measure();
    // The training part has 0 twice and 1 once; before the test each user has both twice, and the lower row comes first.
    expect(values.get('seen-kept.baseline.popularity.ndcg@10')).toBe(1);
    expect(values.get('seen-kept.baseline.own-items.ndcg@10')).toBe(1);
    expect(values.get('seen-kept.baseline.counts-and-texts.ndcg@10')).toBeCloseTo(SECOND, 12);
    expect(values.has('seen-kept.baseline.item-knn.ndcg@10')).toBe(true);
    expect(values.has('seen-kept.baseline.item-knn-tuned.ndcg@10')).toBe(true);
    expect(values.get('seen-kept.baseline.ease.ndcg@10')).toBe(1);
    expect(values.get('seen-kept.above.strongest-baseline.ndcg@10')).toBeCloseTo(SECOND - 1, 12);
  });
});
