import { BEAM_WIDTH } from '../../../models/config';
import { heldOut, splitLog, type HeldOut } from '../../../models/data/interactions';
import type { Candidates } from '../../../models/decoding/mixture';
import type { ExperimentOptions } from '../../../models/evaluation/experiment-metrics';
import type { HeldOutRanker, RankOptions } from '../../../models/evaluation/held-out-ranker';
import {
  chooseMixture,
  type MeasuredUsers,
  planReport,
  type ReportInput,
  reportOn,
} from '../../../models/evaluation/report';
import { createRandom } from '../../../models/math/random';
import { TextSpace } from '../../../models/text/text-space';
import { principalAxes } from '../../../models/text/whitening';
import { neighbourTable } from '../../../models/training/counted-evidence';
import { bothKinds, candidatesOf } from '../../support/candidates';
import { logOf } from '../../support/little-log';

const NUM_ITEMS = 6;
const DIMS = 4;
// Training 0 1 | 1 0, validation 2 | 3, test 3 | 2; three users of each kind, since fewer than five cannot tell.
const LOG = logOf(
  Array.from({ length: 6 }, (_, user) => (user % 2 === 0 ? [[0], [1], [2], [3]] : [[1], [0], [3], [2]])),
);
const SPLIT = splitLog(LOG);

/**
 * On validation the decoder puts each target second, and so does the item head, after another item. With a share d of the decoder the
 * target has .35 + .1 d, and the others .01 + .53 d and .64 − .63 d: of the shares that are tried .4 is the first to put it first.
 * On test that puts the even users' targets first, as the decoder does (.46 and .42), and the odd users' second.
 */
function said({ user, targets: [target] }: HeldOut, { part, isSeenKept }: RankOptions): Candidates {
  if (isSeenKept) return candidatesOf({ decoder: { 0: 0.5, 1: 0.3, [target]: 0.2 }, itemHead: {} });
  if (part === 'validation')
    return candidatesOf({ decoder: { 4: 0.54, [target]: 0.45, 5: 0.01 }, itemHead: { 5: 0.64, [target]: 0.35, 4: 0.01 } }); // prettier-ignore
  if (user % 2 === 0) return candidatesOf({ decoder: { [target]: 0.7, 5: 0.3 }, itemHead: { 5: 0.5, [target]: 0.3 } });
  return candidatesOf({ decoder: { 4: 0.6, [target]: 0.4 }, itemHead: { 4: 0.6, [target]: 0.4 } });
}

/** A ranker over known candidates in place of a model. */
function rankerOf(): HeldOutRanker {
  const cases = ({ part }: Pick<RankOptions, 'part'>) => heldOut(LOG, SPLIT, part);
  return {
    hasItemHead: true,
    weights: bothKinds({ decoder: 1 }),
    input: { log: LOG, split: SPLIT, semanticIds: Array.from({ length: NUM_ITEMS }, (_, i) => [i, 0]), seed: 1 },
    cases,
    rank: (options: RankOptions, keep: (one: HeldOut, candidates: Candidates) => unknown) => {
      const kept = cases(options).map((one) => keep(one, said(one, options)));
      options.onProgress?.(kept.length);
      return Promise.resolve(kept);
    },
  } as unknown as HeldOutRanker;
}

async function report(experiment: ExperimentOptions | null = null) {
  const random = createRandom(3);
  const vectors = Float32Array.from({ length: NUM_ITEMS * DIMS }, () => random.normal());
  const progress: MeasuredUsers[] = [];
  const warnings: string[] = [];
  const neighbours = neighbourTable(LOG, SPLIT, NUM_ITEMS);
  const input: ReportInput = {
    ...{
      ranker: rankerOf(),
      vectors,
      texts: TextSpace.by(principalAxes(vectors, DIMS)!),
      neighbours,
      categories: [],
      experiment,
    },
    onProgress: (...measured) => progress.push(measured),
    onWarning: (message) => warnings.push(message),
    signal: new AbortController().signal,
  };
  const plan = planReport(input);
  const { weights, metrics: ofModel, compare } = await reportOn(input, plan, await chooseMixture(input, plan));
  const metrics = [...ofModel, ...(await compare())];
  return { weights, progress, warnings, values: new Map(metrics.map(({ name, value }) => [name, value])) };
}

describe('reportOn', () => {
  it('chooses the weights on validation and measures test with them, once', async () => {
    const { weights, values, progress } = await report();
    expect(weights.unseen.shares).toMatchObject({ decoder: 0.4, itemHead: expect.closeTo(0.6, 12) });
    expect([values.get('share.decoder'), values.get('share.repeats'), values.get('text-weight')]).toEqual([0.4, 0, 0]);
    expect(weights.seenKept).toEqual(weights.unseen); // nobody takes an item again
    expect(values.has('seen-kept.share.decoder')).toBe(false);
    expect(values.get('users')).toBe(6);
    expect(values.get('beam-width')).toBe(BEAM_WIDTH);
    const second = 1 / Math.log2(3);
    expect(values.get('ndcg@10')).toBeCloseTo((1 + second) / 2, 12);
    expect(values.get('decoder.ndcg@10')).toBeCloseTo((1 + second) / 2, 12);
    expect(values.get('item-head.ndcg@10')).toBeCloseTo(second, 12);
    expect(values.get('above.decoder.ndcg@10')).toBeCloseTo(0, 12);
    expect(values.get('above.item-head.ndcg@10')).toBeCloseTo((1 - second) / 2, 12);
    expect(values.get('mrr')).toBeCloseTo(0.75, 12);
    expect(values.get('item-head.mrr')).toBeCloseTo(0.5, 12);
    expect(values.get('coverage@10')).toBeCloseTo(4 / NUM_ITEMS, 12); // items 3 and 5, 4 and 2
    // Six users each: validation and test.
    expect(progress).toEqual([['EVALUATION', 6, 12], ['EVALUATION', 12, 12], ['BASELINES', 0, 1]]); // prettier-ignore
  });

  it('adds lists with seen items, and the withheld items of an experiment', async () => {
    const { values, progress } = await report({ withheld: Int32Array.of(3), hasDiversity: false });
    expect(values.get('seen-kept.mrr')).toBeCloseTo(1 / 3, 12);
    expect([values.get('cold.items'), values.get('cold.users')]).toEqual([1, 3]);
    expect(values.get('cold.decoder.reserved-0.recall@10')).toBe(1); // the served lists have the even users' target
    expect(values.has('seen-kept.baseline.popularity.mrr')).toBe(true);
    expect(progress.at(-1)).toEqual(['BASELINES', 6, 6]); // withheld items by the decoder
  });
});
