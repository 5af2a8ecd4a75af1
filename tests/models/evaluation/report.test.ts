import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { BEAM_WIDTH } from '../../../models/config';
import { heldOut, splitLog, type HeldOut } from '../../../models/data/interactions';
import type { Candidates } from '../../../models/decoding/fusion';
import type { ExperimentOptions } from '../../../models/evaluation/experiment-metrics';
import type { HeldOutRanker, RankOptions } from '../../../models/evaluation/held-out-ranker';
import type { CategoryLevels } from '../../../models/evaluation/list-metrics';
import { reportOn, type MeasuredUsers } from '../../../models/evaluation/report';
import { createRandom } from '../../../models/math/random';
import { TextSpace } from '../../../models/text/text-space';
import { principalAxes } from '../../../models/text/whitening';
import { neighbourTable } from '../../../models/training/neighbour-table';
import { logOf } from '../../support/little-log';

const NUM_ITEMS = 6;
const DIMS = 4;
// Training 0 1 | 1 0, validation 2 | 3, test 3 | 2; three users of each kind, since fewer than five cannot tell.
const LOG = logOf(
  Array.from({ length: 6 }, (_, user) => (user % 2 === 0 ? [[0], [1], [2], [3]] : [[1], [0], [3], [2]])),
);
const SPLIT = splitLog(LOG);

/** Item → probability, best first. */
type Probabilities = readonly (readonly [item: number, probability: number])[];

function candidates(decoder: Probabilities, itemHead: Probabilities | null): Candidates {
  const known = new Map(itemHead);
  return {
    decoder: decoder.map(([itemId, p]) => ({
      itemId,
      score: Math.log(p),
      codes: [],
      logProbabilities: [],
    })),
    itemHead: itemHead && itemHead.map(([itemId]) => itemId),
    itemHeadScore: (itemId) => (known.has(itemId) ? Math.log(known.get(itemId)!) : null),
  };
}

/**
 * On validation the decoder puts each target second, and so does the item head, after another item. With a share s of the item head
 * the target has .45 − .1 s, and the others .54 − .53 s and .01 + .63 s: shares from .23 to .6 put the target first.
 * On test the share of 0.3 puts the even users' targets first, as the decoder does (.52 and .48), and the odd users' second.
 */
function said({ user, targets: [target] }: HeldOut, { part, isSeenKept }: RankOptions): Candidates {
  if (isSeenKept) return candidates([[0, 0.5], [1, 0.3], [target, 0.2]], []); // prettier-ignore
  if (part === 'validation') return candidates([[4, 0.54], [target, 0.45], [5, 0.01]], [[5, 0.64], [target, 0.35], [4, 0.01]]); // prettier-ignore
  if (user % 2 === 0) return candidates([[target, 0.7], [5, 0.3]], [[5, 0.9], [target, 0.1]]); // prettier-ignore
  return candidates([[4, 0.6], [target, 0.4]], [[4, 0.6], [target, 0.4]]); // prettier-ignore
}

/** A ranker over known candidates in place of a model. */
function rankerOf(say: typeof said, hasItemHead: boolean): HeldOutRanker {
  const cases = ({ part }: Pick<RankOptions, 'part'>) => heldOut(LOG, SPLIT, part);
  return {
    hasTexts: false,
    hasItemHead,
    weights: { textWeight: 0, neighbourShare: 0, neighbourDecay: 1 },
    setWeights: () => undefined,
    input: { log: LOG, split: SPLIT, semanticIds: Array.from({ length: NUM_ITEMS }, (_, i) => [i, 0]), seed: 1 },
    cases,
    rank: (options: RankOptions, keep: (one: HeldOut, candidates: Candidates) => unknown) => {
      const kept = cases(options).map((one) => keep(one, say(one, options)));
      options.onProgress?.(kept.length);
      return Promise.resolve(kept);
    },
    rankMixtures: (options: RankOptions, keep: (one: HeldOut, mixture: () => Candidates) => unknown) => {
      const kept = cases(options).map((one) => keep(one, () => say(one, options)));
      options.onProgress?.(kept.length);
      return Promise.resolve(kept);
    },
  } as unknown as HeldOutRanker;
}

let device: Device;
beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
afterAll(() => device.dispose());

async function report(
  say = said,
  experiment: ExperimentOptions | null = null,
  categories: CategoryLevels = [],
  hasItemHead = true,
  hasTexts = true,
) {
  const random = createRandom(3);
  const vectors = Float32Array.from({ length: NUM_ITEMS * DIMS }, () => random.normal());
  const progress: MeasuredUsers[] = [];
  const warnings: string[] = [];
  const neighbours = neighbourTable(LOG, SPLIT, NUM_ITEMS);
  const {
    fusion: { itemHeadShare },
    metrics: ofModel,
    compare,
  } = await reportOn({
    ...{
      ranker: rankerOf(say, hasItemHead),
      device,
      vectors,
      texts: hasTexts ? TextSpace.by(principalAxes(vectors, DIMS)!) : null,
      neighbours,
      categories,
      experiment,
    },
    onProgress: (...measured) => progress.push(measured),
    onWarning: (message) => warnings.push(message),
    signal: new AbortController().signal,
  });
  const metrics = [...ofModel, ...(await compare())];
  return { itemHeadShare, progress, warnings, values: new Map(metrics.map(({ name, value }) => [name, value])) };
}

describe('reportOn', () => {
  it('chooses the share on validation and measures test with it, once', async () => {
    const { itemHeadShare, values, progress } = await report();
    expect(itemHeadShare).toBe(0.3);
    expect(values.get('item-head.share')).toBe(0.3);
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
    // Six users each: eight decays, neighbours, validation, test; twelve passes that tune EASE and RP³β, eight baselines.
    expect(progress).toEqual([
      ...Array.from({ length: 11 }, (_, i) => ['EVALUATION', 6 * (i + 1), 66]),
      ...Array.from({ length: 20 }, (_, i) => ['BASELINES', 6 * (i + 1), 120]),
    ]);
  });

  it('adds lists with seen items, and the withheld items of an experiment', async () => {
    const { values, progress } = await report(said, { withheld: Int32Array.of(3), hasDiversity: false });
    expect(values.get('seen-kept.mrr')).toBeCloseTo(1 / 3, 12);
    expect([values.get('cold.items'), values.get('cold.users')]).toEqual([1, 3]);
    expect(values.get('cold.decoder.reserved-0.recall@10')).toBe(1); // the decoder has the even users' target in its list
    // Besides: six baselines with seen items, withheld items by the decoder.
    expect(progress.at(-1)).toEqual(['BASELINES', 162, 162]);
  });
});
