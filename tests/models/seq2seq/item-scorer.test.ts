import type { Variable } from '@tensorflow/tfjs-core';

import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { variableOf } from '../../../models/compute/variables';
import { presetConfig, HISTORY_DECAY } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import { Rows } from '../../../models/math/rows';
import type { Seq2Seq } from '../../../models/seq2seq/batches';
import { openItemScorer, textDirection } from '../../../models/seq2seq/item-scorer';
import { createParameters } from '../../../models/seq2seq/parameters';
import { createVocabulary } from '../../../models/seq2seq/vocabulary';

/** More than one compiled function scores. */
const NUM_ITEMS = 70_000;
const [SIZE, USERS] = [4, 2];
const ALL_ROWS = Int32Array.from({ length: NUM_ITEMS }, (_, row) => row);

const random = createRandom(5);
const normals = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((size, extent) => size * extent) }, () => random.normal()),
});

function modelOf(vectors: ReturnType<typeof normals>): Seq2Seq {
  const config = { ...presetConfig('tiny').seq2seq, encoder: 'item-causal' as const, itemHead: true };
  const vocabulary = createVocabulary(2, 8, config.userTokens);
  const params = createParameters(config, vocabulary, 1, 1);
  return { config, vocabulary, params: { ...params, itemVectors: variableOf(vectors) } };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, d) => sum + x * b[d], 0);

describe('openItemScorer', () => {
  let device: Device;
  beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
  afterAll(() => device.dispose());

  it.each([true, false])('scores every item of a large catalogue once, in its place, frozen: %s', async (frozen) => {
    const [vectors, texts] = [normals(NUM_ITEMS + 1, SIZE), normals(NUM_ITEMS + 1, 3)];
    texts.data.fill(0, 0, 3); // row 0 is of no item
    const newest = normals(USERS, SIZE);
    const scorer = openItemScorer(device, modelOf(vectors), variableOf(texts), { frozen, threads: 1 })!;
    const historyOf = (row: number) => [{ row, codes: [] }];
    const live = new Float32Array(NUM_ITEMS).fill(1);
    live.fill(0, 65_536, 65_600); // the first items of the second function
    const textWeights = [2, 3];
    const scoresOf = await scorer.score(newest, [historyOf(7), historyOf(69_000)], { textWeights, live });
    for (const [user, row] of [7, 69_000].entries()) {
      const { itemHead, texts: ofTexts } = scoresOf(user).among(ALL_ROWS);
      const { logits, norm, normWithTexts } = itemHead!;
      const { cosines, norm: textNorm } = ofTexts!;
      expect([logits.length, cosines.length]).toEqual([NUM_ITEMS, NUM_ITEMS]);
      const logSum = (logitOf: (item: number) => number) =>
        Math.log(live.reduce((sum, isLive, item) => sum + isLive * Math.exp(logitOf(item)), 0));
      expect(norm).toBeCloseTo(
        logSum((item) => logits[item]),
        4,
      );
      const raised = (item: number) => textWeights[user] * cosines[item];
      expect(normWithTexts).toBeCloseTo(
        logSum((item) => logits[item] + raised(item)),
        4,
      );
      expect(textNorm).toBeCloseTo(logSum(raised), 4);
      const state = new Rows(newest.data, SIZE).row(user);
      const text = new Rows(texts.data, 3).row(row);
      for (const item of [1, 2, 65_535, 65_536, 65_537, 69_999, NUM_ITEMS]) {
        const own = dot(new Rows(vectors.data, SIZE).row(item), state);
        const likeness = dot(new Rows(texts.data, 3).row(item), text) / Math.hypot(...text);
        const tolerance = frozen ? 0.1 : 0.0005; // frozen tables of this size are in 8 bits
        expect(Math.abs(logits[item - 1] - own)).toBeLessThan(tolerance);
        expect(Math.abs(cosines[item - 1] - likeness)).toBeLessThan(tolerance);
      }
    }
    scorer.dispose();
  });

  it('scores the same with tables that lie elsewhere, and never has one of them whole', async () => {
    const [vectors, texts] = [normals(NUM_ITEMS + 1, SIZE), normals(NUM_ITEMS + 1, 3)];
    const newest = normals(USERS, SIZE);
    let longest = 0;
    const elsewhere = (table: Variable) => {
      const rows = device.rows(table);
      const slice = (begin: number, end: number) => {
        longest = Math.max(longest, end - begin);
        return rows.slice(begin, end);
      };
      device.write(table, { count: rows.count, dims: rows.dims, slice });
    };
    const scoresOf = async (move: (table: Variable) => void) => {
      const [model, ofTexts] = [modelOf(vectors), variableOf(texts)];
      for (const table of [model.params.itemVectors!, ofTexts]) move(table);
      const scorer = openItemScorer(device, model, ofTexts, { frozen: true, threads: 1 })!;
      const histories = [[{ row: 7, codes: [] }], [{ row: 9, codes: [] }]];
      const scores = await scorer.score(newest, histories, {
        textWeights: [2, 2],
        live: new Float32Array(NUM_ITEMS).fill(1),
      });
      scorer.dispose();
      return [scores(0), scores(1)].map((one) => one.among(ALL_ROWS));
    };
    expect(await scoresOf(elsewhere)).toEqual(await scoresOf(() => undefined));
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(NUM_ITEMS / 10);
  });
});

describe('textDirection', () => {
  // Row 0 is of no item; items 1 and 2 have opposite texts, item 3 another one, item 4 none.
  const table = new Rows(Float32Array.of(0, 0, 1, 0, -1, 0, 0, 1, 0, 0), 2);
  const cosinesOf = (...rows: number[]) => {
    const history = rows.map((row) => ({ row }));
    const direction = textDirection(history, (row) => table.row(row));
    return [1, 2, 3, 4].map((row) => dot(table.row(row), direction));
  };

  it('has cosine 1 with the text of the only item of the history, and 0 with an item without a text', () => {
    expect(cosinesOf(1).map((cosine) => cosine + 0)).toEqual([1, -1, 0, 0]);
  });

  it('counts each step back less', () => {
    // The direction of item 3, then item 1: (1, decay), scaled to length 1.
    const length = Math.hypot(1, HISTORY_DECAY);
    expect(cosinesOf(3, 1).slice(0, 3)).toEqual([1, -1, HISTORY_DECAY].map((part) => expect.closeTo(part / length, 5)));
  });
});
