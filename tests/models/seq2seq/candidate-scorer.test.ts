import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { variableOf } from '../../../models/compute/variables';
import { createRandom } from '../../../models/math/random';
import { Rows } from '../../../models/math/rows';
import { openCandidateScorer } from '../../../models/seq2seq/candidate-scorer';
import { historyDirection } from '../../../models/text/text-space';

const [NUM_ITEMS, SIZE, TEXT_SIZE] = [20_000, 4, 3];
const random = createRandom(5);
const tableOf = (size: number) => {
  const data = Float32Array.from({ length: (NUM_ITEMS + 1) * size }, () => random.normal());
  data.fill(0, 0, size); // row 0 is of no item
  return { shape: [NUM_ITEMS + 1, size], data };
};
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, d) => sum + x * b[d], 0);

describe('openCandidateScorer', () => {
  let device: Device;
  beforeAll(async () => (device = await openDevice({ backend: 'onnx-cpu', threads: 1 })));
  afterAll(() => device.dispose());

  it.each([true, false])(
    'scores the rows asked about, and norms stand for all live items, frozen: %s',
    async (isFrozen) => {
      const [vectors, texts] = [tableOf(SIZE), tableOf(TEXT_SIZE)];
      const [ofVectors, ofTexts] = [new Rows(vectors.data, SIZE), new Rows(texts.data, TEXT_SIZE)];
      const live = Float32Array.from({ length: NUM_ITEMS }, (_, row) => (row < NUM_ITEMS / 4 ? 0 : 1));
      const state = Float32Array.of(1, -0.5, 0.25, 0);
      const scorer = openCandidateScorer(device, variableOf(vectors), variableOf(texts), isFrozen);
      const history = [7, 0, 9000].map((row) => ({ row, codes: [] })); // the second is not known
      const scoresOf = await scorer.score({ shape: [1, SIZE], data: state }, [history], { textWeights: [0.5], live });
      const rows = Int32Array.of(19_999, 8000, 12_345);
      const { itemHead, texts: cosines } = scoresOf(0).among(rows);

      const direction = new Float32Array(TEXT_SIZE);
      historyDirection([ofTexts.row(7), ofTexts.row(0), ofTexts.row(9000)], direction);
      const logitOf = (row: number) => dot(state, ofVectors.row(row + 1));
      const cosineOf = (row: number) => dot(direction, ofTexts.row(row + 1));
      rows.forEach((row, i) => {
        expect(itemHead!.logits[i]).toBeCloseTo(logitOf(row), 4);
        expect(cosines!.cosines[i]).toBeCloseTo(cosineOf(row), 4);
      });
      const logSum = (of: (row: number) => number) =>
        Math.log(live.reduce((sum, isLive, row) => sum + isLive * Math.exp(of(row)), 0));
      // Estimates: one item in 150 is looked at.
      expect(Math.abs(itemHead!.norm - logSum(logitOf))).toBeLessThan(0.5);
      expect(Math.abs(cosines!.norm - logSum((row) => 0.5 * cosineOf(row)))).toBeLessThan(0.5);
      const exact = logSum((row) => logitOf(row) + 0.5 * cosineOf(row));
      expect(Math.abs(itemHead!.normWithTexts - exact)).toBeLessThan(0.5);
    },
  );
});
