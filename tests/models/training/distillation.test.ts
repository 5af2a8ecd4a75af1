import * as tf from '@tensorflow/tfjs';

import { openDevice } from '../../../models/compute/backends';
import type { HostTensors } from '../../../models/compute/device';
import { createRandom } from '../../../models/math/random';
import type { SemanticId } from '../../../models/semantic-id/semantic-ids';
import { codedItems, softTargets } from '../../../models/training/distillation';

const WIDTH = 3;

function tensors(items: HostTensors) {
  const tensorOf = (name: string) => tf.tensor(items[name].data, [...items[name].shape], 'int32');
  return { itemCodes: tensorOf('itemCodes'), itemGroups: tensorOf('itemGroups') };
}

function soft(logits: number[][], targets: readonly SemanticId[], ids: readonly SemanticId[]): number[][][] {
  const prefixes = tf.tensor2d(targets as number[][], undefined, 'int32');
  return softTargets(tf.tensor2d(logits), prefixes, tensors(codedItems(ids, WIDTH)), WIDTH).arraySync() as number[][][];
}

/** The probability of each code after the target's prefix, item by item. */
function plain(logits: readonly number[], target: SemanticId, ids: readonly SemanticId[], level: number): number[] {
  const weights = ids.map((id, i) =>
    id.slice(0, level).every((code, l) => code === target[l]) ? Math.exp(logits[i]) : 0,
  );
  const total = weights.reduce((a, b) => a + b, 0);
  return Array.from({ length: WIDTH }, (_, code) =>
    weights.reduce((sum, weight, i) => sum + (ids[i][level] === code ? weight / total : 0), 0),
  );
}

describe('codedItems', () => {
  it('lists the items of each first code, filled up to the largest group', () => {
    const { itemCodes, itemGroups } = codedItems([[2, 0], [0, 0], [2, 1]], WIDTH); // prettier-ignore
    expect(itemCodes).toEqual({ shape: [3, 2], data: Int32Array.of(2, 0, 0, 0, 2, 1) });
    expect(itemGroups).toEqual({ shape: [3, 2], data: Int32Array.of(1, -1, -1, -1, 0, 2) });
  });
});

describe('softTargets', () => {
  it('adds up the items with a code, among those under the prefix', () => {
    // Probabilities .5, .2, .3. First code: 0 has .5 + .2. After 0, the second is 0 with .5 / .7.
    const ids = [[0, 0], [0, 1], [1, 0]]; // prettier-ignore
    const [first, second] = soft([[0.5, 0.2, 0.3].map(Math.log)], [[0, 1]], ids);
    [0.7, 0.3, 0].forEach((share, code) => expect(first[0][code]).toBeCloseTo(share, 5));
    [5 / 7, 2 / 7, 0].forEach((share, code) => expect(second[0][code]).toBeCloseTo(share, 5));
  });

  it('equals a sum over all items, also where several targets share a row of logits', () => {
    const random = createRandom(3);
    const ids = Array.from({ length: 40 }, (_, i) => [random.int(WIDTH), random.int(WIDTH), i % WIDTH]);
    const logits = Array.from({ length: 4 }, () => ids.map(() => 2 * random.normal()));
    for (const each of [1, 2]) {
      const targets = Array.from({ length: 4 * each }, () => ids[random.int(ids.length)]);
      const found = soft(logits, targets, ids);
      targets.forEach((target, row) =>
        target.forEach((_, level) =>
          plain(logits[Math.floor(row / each)], target, ids, level).forEach((share, code) =>
            expect(found[level][row][code]).toBeCloseTo(share, 5),
          ),
        ),
      );
    }
  });

  it('stays finite for a prefix that no item has, as padding may be', () => {
    const shares = soft([[1, 2]], [[0, 0]], [[1, 1], [2, 0]]).flat(2); // prettier-ignore
    expect(shares.every(Number.isFinite)).toBe(true);
  });

  it('lets no gradient through to the item head', () => {
    const items = tensors(codedItems([[0, 0], [1, 0]], WIDTH)); // prettier-ignore
    const target = tf.tensor2d([[0, 0]], [1, 2], 'int32');
    const loss = (logits: tf.Tensor) => tf.sum(tf.square(softTargets(logits, target, items, WIDTH))) as tf.Scalar;
    expect(
      tf
        .grad(loss)(tf.tensor2d([[1, 2]]))
        .arraySync(),
    ).toEqual([[0, 0]]);
  });

  it('is the same on the device that trains', async () => {
    const device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
    const ids = [[0, 0, 1], [0, 1, 0], [1, 2, 0], [0, 1, 2]]; // prettier-ignore
    const compiled = device.compile(
      ({ logits, targets, ...items }) => ({ soft: softTargets(logits, targets, items as never, WIDTH) }),
      { name: 'soft-targets' },
    );
    const logits = [[0.3, -1, 2, 0.5]];
    const { soft: found } = await compiled.run({
      logits: { shape: [1, 4], data: Float32Array.from(logits[0]) },
      targets: { shape: [1, 3], data: Int32Array.of(0, 1, 2) },
      ...codedItems(ids, WIDTH),
    });
    soft(logits, [[0, 1, 2]], ids)
      .flat(2)
      .forEach((share, i) => expect(found.data[i]).toBeCloseTo(share, 5));
    device.dispose();
  });
});
