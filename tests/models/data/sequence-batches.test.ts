import fc from 'fast-check';

import { createModel } from '../../../models/checkpoint/model-weights';
import { presetConfig } from '../../../models/config';
import { splitLog } from '../../../models/data/interactions';
import type { Kind } from '../../../models/data/kinds';
import { epochBatches, targetsPerEpoch, type SequenceBatch } from '../../../models/data/sequence-batches';
import { eventLog, idsOf, logOf, nothingHeldOut } from '../../support/little-log';

const NUM_ITEMS = 40;
const IDS = idsOf(NUM_ITEMS);
const ITEM_OF = new Map(IDS.map((id, item) => [id.join(), item]));

const SIZES = { batchSize: 12, microBatchSize: 6 };

type Encoder = 'item-causal' | 'bidirectional';

function batchesOf(
  users: readonly (readonly (readonly number[])[])[],
  encoder: Encoder,
  epoch = 0,
  userTokens = 0,
): SequenceBatch[] {
  const config = presetConfig('tiny');
  const seq2seq = { ...config.seq2seq, encoder, itemHead: encoder === 'item-causal', userTokens };
  const model = createModel({ ...config, seq2seq }, NUM_ITEMS);
  const log = logOf(users);
  return [...epochBatches({ model, log, split: splitLog(log), semanticIds: IDS, seed: 3 }, SIZES, epoch)];
}

/** Items of the targets that count, in any order. */
function targetsOf(batches: readonly SequenceBatch[]): number[] {
  return batches
    .flatMap(({ inputs: { targets, weights } }) => {
      const idLength = targets.shape[2];
      return Array.from(weights.data, (weight, slot) =>
        weight === 0 ? -1 : ITEM_OF.get(targets.data.subarray(slot * idLength, (slot + 1) * idLength).join())!,
      );
    })
    .filter((item) => item >= 0)
    .sort((a, b) => a - b);
}

const history = fc.array(
  fc.nat(NUM_ITEMS - 1).map((item) => [item]),
  { minLength: 1, maxLength: 20 },
);

describe.each<Encoder>(['item-causal', 'bidirectional'])('epochBatches, %s encoder', (encoder) => {
  it('makes every training interaction but the first of a user a target once', () => {
    fc.assert(
      fc.property(fc.array(history, { minLength: 1, maxLength: 8 }), (users) => {
        const log = logOf(users);
        const { trainEnd } = splitLog(log);
        const expected = users.flatMap((_, user) => [...log.items.subarray(log.offsets[user] + 1, trainEnd[user])]);
        expect(targetsOf(batchesOf(users, encoder))).toEqual(expected.sort((a, b) => a - b));
      }),
      { numRuns: 40 },
    );
  });

  it('makes a batch alone as it makes it among the others', () => {
    const model = createModel(presetConfig('tiny'), NUM_ITEMS);
    const log = logOf(Array.from({ length: 12 }, (_, user) => Array.from({ length: 7 }, (_, step) => [user + step])));
    const batches = epochBatches({ model, log, split: splitLog(log), semanticIds: IDS, seed: 3 }, SIZES, 0);
    const all = [...batches];
    expect(all.length).toBeGreaterThan(3);
    expect(all.toReversed()).toEqual(all.map((_, i) => batches.at(all.length - 1 - i)));
  });

  it('has the same batches for the same epoch, and another order in the next', () => {
    const users = Array.from({ length: 12 }, (_, user) =>
      Array.from({ length: 7 }, (_, step) => [(5 * user + step) % NUM_ITEMS]),
    );
    expect(batchesOf(users, encoder, 1)).toEqual(batchesOf(users, encoder, 1));
    expect(batchesOf(users, encoder, 2)).not.toEqual(batchesOf(users, encoder, 1));
  });
});

describe('targetsPerEpoch', () => {
  it('counts the targets of the batches', () => {
    const users = [5, 7, 30].map((length) => Array.from({ length }, (_, step) => [step % NUM_ITEMS]));
    const log = logOf(users);
    const model = { config: presetConfig('tiny').seq2seq };
    expect(targetsPerEpoch({ model, log, split: splitLog(log) })).toBe(
      targetsOf(batchesOf(users, 'item-causal')).length,
    );
  });
});

describe('epochBatches with user tokens', () => {
  const users = Array.from({ length: 600 }, (_, user) => [0, 1, 2, 3, 4].map((step) => [(user + step) % NUM_ITEMS]));

  /** Whether the first position of each row with an example has a token. */
  const hasToken = (batches: readonly SequenceBatch[]) =>
    batches.flatMap(({ inputs: { mask, weights } }) => {
      const [rows, length] = mask.shape;
      const slots = weights.data.length / rows;
      const rowsWith = Array.from({ length: rows }, (_, row) => row).filter(
        (row) => weights.data[(row + 1) * slots - 1] > 0,
      );
      return rowsWith.map((row) => mask.data[row * length] === 1);
    });

  it.each<Encoder>(['item-causal', 'bidirectional'])(
    'leaves out a tenth of them, others in each epoch (%s)',
    (encoder) => {
      const [one, other] = [0, 1].map((epoch) => hasToken(batchesOf(users, encoder, epoch, 8)));
      const share = one.filter((has) => !has).length / one.length;
      expect(share).toBeGreaterThan(0.06); // of 600 or more; ± 4 standard errors of .012
      expect(share).toBeLessThan(0.15);
      expect(other).not.toEqual(one);
    },
  );
});

describe('epochBatches with baskets', () => {
  const baskets = [
    [
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
      [9, 10, 11],
    ],
  ];

  it('tells each basket from those before it alone', () => {
    const customers = Array.from({ length: 700 }, () => baskets[0]);
    for (const next of [batchesOf(baskets, 'bidirectional'), batchesOf(customers, 'item-causal')]) {
      expect(next.every(({ targetMask }) => targetMask === 'full')).toBe(true);
      expect(new Set(targetsOf(next))).toEqual(new Set([3, 4, 5])); // the third is validation, the fourth is test
    }
  });

  it('trains on what is bought together too where there are few second baskets', () => {
    // 39 of 110 customers have a third order that is not held out: 4 · 39 = 156 targets, more than a tenth of all.
    const order = (user: number, time: number) => [0, 1, 2, 3].map((i) => (user + 4 * time + i) % NUM_ITEMS);
    const customers = Array.from({ length: 110 }, (_, user) =>
      Array.from({ length: user < 39 ? 4 : 3 }, (_, time) => order(user, time)),
    );
    const batches = batchesOf(customers, 'item-causal');
    expect(targetsOf(batches.filter(({ targetMask }) => targetMask === 'full'))).toHaveLength(156);
    expect(targetsOf(batches.filter(({ targetMask }) => targetMask === 'causal'))).toHaveLength(39 * 7 + 71 * 3);
  });
});

describe('epochBatches of several kinds', () => {
  it('weighs each target by its kind, also where nothing was bought', () => {
    const model = createModel(presetConfig('tiny'), NUM_ITEMS);
    const weightsOf = (...kinds: Kind[]) => {
      const log = eventLog([kinds.map((kind, i) => [i, kind, i] as const)]);
      const source = { model, log, split: nothingHeldOut(log, splitLog(log)), semanticIds: IDS, seed: 3 };
      const [{ inputs }] = epochBatches(source, SIZES, 0);
      return [...inputs.weights.data].filter((weight) => weight > 0);
    };
    expect(weightsOf('PURCHASE', 'VIEW', 'CART', 'RATING')).toEqual([Math.fround(0.1), 0.5, 1]);
    expect(weightsOf('VIEW', 'VIEW', 'VIEW')).toEqual([0.1, 0.1].map(Math.fround));
  });
});
