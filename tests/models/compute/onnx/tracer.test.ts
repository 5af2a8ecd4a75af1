import * as tf from '@tensorflow/tfjs';
import type { Tensor } from '@tensorflow/tfjs';
import fc from 'fast-check';

import { openDevice } from '../../../../models/compute/backends';
import type { Device } from '../../../../models/compute/device';
import { expectClose, randomFloats, seededRandom } from '../../../support/tensors';

describe('Tracer', () => {
  describe('whatever is done to axes and extents', () => {
    let traced: Device;
    let reference: Device;

    beforeAll(async () => {
      traced = await openDevice({ backend: 'onnx-cpu', threads: 1 });
      reference = await openDevice({ backend: 'tfjs-cpu', threads: 1 });
    });

    afterAll(() => traced.dispose());

    /** Each takes any tensor and two random numbers that decide the details. */
    const MOVES: readonly ((x: Tensor, a: number, b: number) => Tensor)[] = [
      (x) => tf.reshape(x, [-1]),
      (x) => tf.reshape(x, [x.size % 2 === 0 ? 2 : 1, -1]),
      (x, a) => tf.expandDims(x, a % (x.rank + 1)),
      (x) => tf.squeeze(x),
      (x) => tf.transpose(x),
      (x, a) => tf.transpose(x, rotation(x.rank, a)),
      (x, a) => (x.rank === 0 ? x : tf.sum(x, a % x.rank, true)),
      (x, a) => (x.rank === 0 ? x : tf.mul(x, tf.ones(x.shape.with(a % x.rank, 1)))),
      (x, a) => tf.mul(x, tf.fill(x.shape, (a % 3) - 1)),
      (x) => tf.add(x, tf.zeros(x.shape)),
      (x, a, b) =>
        x.rank === 0
          ? x
          : tf.tile(
              x,
              Array<number>(x.rank)
                .fill(1)
                .with(a % x.rank, 1 + (b % 2)),
            ),
      (x, a) => (x.rank === 0 ? x : tf.stack([x, x], a % x.rank)),
      (x, a) =>
        x.rank === 0
          ? x
          : tf.slice(
              x,
              x.shape.map(() => 0),
              x.shape.with(a % x.rank, 1),
            ),
      (x) => tf.relu(x),
    ];

    it('computes what tfjs computes, the gradient too', async () => {
      const move = fc.tuple(fc.nat(MOVES.length - 1), fc.nat(11), fc.nat(11));
      const shape = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(
          shape,
          fc.array(move, { minLength: 1, maxLength: 6 }),
          fc.nat(),
          async (extents, moves, seed) => {
            // Ranks and sizes beyond these are neither needed nor quick.
            const apply = (start: Tensor) =>
              moves.reduce(
                (x, [index, a, b]) => (x.rank > 4 || x.size > 2000 ? tf.sum(x) : MOVES[index](x, a, b)),
                start,
              );
            const score = (x: Tensor) => tf.sum(tf.mul(apply(x), apply(x)));
            const fn = ({ x }: Record<string, Tensor>) => ({ y: apply(x), gradient: tf.grad(score)(x) });
            const inputs = { x: randomFloats(seededRandom(seed), extents) };
            const compiled = traced.compile(fn, { name: 'moves' });
            expectClose(await compiled.run(inputs), await reference.compile(fn, { name: 'moves' }).run(inputs));
            compiled.dispose();
          },
        ),
        { numRuns: 60, seed: 1 },
      );
    });

    function rotation(rank: number, by: number): number[] {
      return Array.from({ length: rank }, (_axis, axis) => (axis + by) % rank);
    }
  });
});
