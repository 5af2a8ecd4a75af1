import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { variableOf } from '../../../models/compute/variables';
import { presetConfig } from '../../../models/config';
import { createRandom } from '../../../models/math/random';
import { Rows } from '../../../models/math/rows';
import type { Seq2Seq } from '../../../models/seq2seq/batches';
import { createParameters } from '../../../models/seq2seq/parameters';
import { type BatchScorer, openScorer } from '../../../models/seq2seq/scorer';
import { createVocabulary } from '../../../models/seq2seq/vocabulary';
import { historyDirection } from '../../../models/text/text-space';

const NUM_ITEMS = 10;

function makeModel(): Seq2Seq {
  const config = { ...presetConfig('tiny').seq2seq, encoder: 'item-causal' as const, itemHead: true };
  const vocabulary = createVocabulary(2, 8, config.userTokens);
  return { config, vocabulary, params: createParameters(config, vocabulary, 7, NUM_ITEMS) };
}

const SIZE = 3;
const ALL_ROWS = Int32Array.from({ length: NUM_ITEMS }, (_, row) => row);

/** Rows of length 1, after a row of zeros. */
function directionsOf(numItems: number) {
  const random = createRandom(3);
  const rows = new Rows(new Float32Array((numItems + 1) * SIZE), SIZE);
  for (let row = 1; row <= numItems; row++)
    historyDirection([Float32Array.from({ length: SIZE }, () => random.normal())], rows.row(row));
  return { shape: [numItems + 1, SIZE], data: rows.values };
}

const historyOf = (...rows: number[]) => ({
  userKey: null,
  items: rows.map((row) => ({ row, codes: [row % 8, 1, 0], kind: 0, at: 0 })),
});
/** All items are live. */
const weighing = (users: number) => ({
  textWeights: Array<number>(users).fill(5),
  live: new Float32Array(NUM_ITEMS).fill(1),
});
const logitsOf = (scorer: BatchScorer, user: number) =>
  Array.from(scorer.itemScores(user).among(ALL_ROWS).itemHead!.logits);

describe.each(['onnx-cpu', 'tfjs-cpu'] as const)('openScorer on %s', (backend) => {
  let device: Device;
  beforeAll(async () => (device = await openDevice({ backend, threads: 1 })));
  afterAll(() => device.dispose());

  it.each([true, false])(
    'scores every known item for each user of a batch as for the user alone, frozen: %s',
    async (isFrozen) => {
      const scorer = openScorer(device, makeModel(), { isFrozen, threads: 1 });
      const histories = [historyOf(1, 2), historyOf(3), historyOf(4, 5, 6)];
      const together = await scorer.start(histories, weighing(3));
      for (const [user, history] of histories.entries()) {
        const alone = logitsOf(await scorer.start([history], weighing(1)), 0);
        expect(alone).toHaveLength(NUM_ITEMS);
        logitsOf(together, user).forEach((logit, item) => expect(logit).toBeCloseTo(alone[item], 4));
      }
      scorer.dispose();
    },
  );

  it("has the cosines of the items' texts and the history's, for one user and for several", async () => {
    const directions = directionsOf(NUM_ITEMS);
    const itemTexts = variableOf(directions);
    const scorer = openScorer(device, makeModel(), { isFrozen: true, threads: 1, itemTexts });
    const histories = [historyOf(1, 2), historyOf(3), historyOf(0)];
    const cosinesOf = (batch: BatchScorer, user: number) =>
      Array.from(batch.itemScores(user).among(ALL_ROWS).texts!.cosines);
    const together = await scorer.start(histories, weighing(3));
    const table = new Rows(directions.data as Float32Array, SIZE);
    for (const [user, { items }] of histories.entries()) {
      const query = new Float32Array(SIZE);
      historyDirection(
        items.map(({ row }) => table.row(row)),
        query,
      );
      const expected = Array.from({ length: NUM_ITEMS }, (_, item) =>
        expect.closeTo(
          table.row(item + 1).reduce((sum, x, d) => sum + x * query[d], 0),
          4,
        ),
      );
      expect(cosinesOf(together, user)).toEqual(expected);
      expect(cosinesOf(await scorer.start([histories[user]], weighing(1)), 0)).toEqual(expected);
    }
    scorer.dispose();
    itemTexts.dispose();
  });
});

describe('a scorer of a large catalogue', () => {
  it('has the item vectors in one compiled function, however many shapes of batches it has seen', async () => {
    const device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
    const model = makeModel();
    const readers: string[] = [];
    const compile: Device['compile'] = (fn, options) =>
      device.compile((inputs) => {
        const outputs = fn(inputs);
        if (Object.values(outputs).some(({ shape }) => shape.at(-1) === NUM_ITEMS)) readers.push(options.name);
        return outputs;
      }, options);
    const watched: Pick<Device, 'compile' | 'rows'> = { compile, rows: (variable) => device.rows(variable) };
    const scorer = openScorer(watched as Device, model, { isFrozen: true, threads: 1 });
    for (const users of [1, 2, 4]) await scorer.start(Array(users).fill(historyOf(1, 2)), weighing(users));
    expect(readers).toEqual(['item-head']);
    scorer.dispose();
    device.dispose();
  });
});
