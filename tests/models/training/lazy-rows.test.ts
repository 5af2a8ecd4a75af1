import * as tf from '@tensorflow/tfjs';

import { openDevice } from '../../../models/compute/backends';
import { hostScalar, type Device } from '../../../models/compute/device';
import { createRandom } from '../../../models/math/random';
import { createAdamW } from '../../../models/training/adamw';
import { LazyRows } from '../../../models/training/lazy-rows';

const [ROWS, SIZE, WINDOW, STEPS, DECAY] = [7, 3, 4, 400, 0.1];
const rateAt = (step: number) => 0.01 / (1 + step / 100);

/** AdamW on one number as the paper writes it, in every step, with or without a gradient. */
class PlainAdamW {
  private m = 0;
  private v = 0;

  constructor(public value: number) {}

  update(gradient: number, t: number): void {
    this.m = 0.9 * this.m + 0.1 * gradient;
    this.v = 0.999 * this.v + 0.001 * gradient ** 2;
    const [m, v] = [this.m / (1 - 0.9 ** t), this.v / (1 - 0.999 ** t)];
    this.value -= rateAt(t) * (m / (Math.sqrt(v) + 1e-8) + DECAY * this.value);
  }
}

interface Case {
  readonly device: Device;
  readonly table: tf.Variable;
  readonly rows: LazyRows;
  /** Rows that the step reads, and moves by gradients of its own. */
  readonly step: (t: number) => Promise<void>;
  readonly plain: PlainAdamW[];
}

/** Row 0 is read in each step, the last never, and the others seldom. */
function open(device: Device): Case {
  const random = createRandom(3);
  const start = Float32Array.from({ length: ROWS * SIZE }, () => random.normal());
  const table = tf.variable(tf.tensor2d(start, [ROWS, SIZE]));
  const window = tf.variable(tf.zeros([WINDOW, SIZE]));
  const adamw = createAdamW([window], { weightDecay: DECAY });
  const compiled = device.compile(
    ({ gradient, learningRate, step }) => ({
      norm: adamw.update([gradient], learningRate as tf.Scalar, step as tf.Scalar),
    }),
    { name: 'move' },
  );
  const rows = new LazyRows({
    ...{ device, table, window, moments: adamw.momentsOf(window), weightDecay: DECAY, rateAt },
  });
  const plain = Array.from(start, (value) => new PlainAdamW(value));
  const step = async (t: number) => {
    const read = Int32Array.from([0, ...[1, 2, 3, 4, 5].filter(() => random.next() < 0.02)]).slice(0, WINDOW);
    const gradient = new Float32Array(WINDOW * SIZE);
    const gradients = new Map(Array.from(read, (row, place) => [row, place * SIZE]));
    gradient.subarray(0, read.length * SIZE).forEach((_, i) => (gradient[i] = random.normal()));
    rows.load(read, t);
    const scalars = { learningRate: hostScalar(rateAt(t)), step: hostScalar(t) };
    await compiled.run({ gradient: { shape: [WINDOW, SIZE], data: gradient }, ...scalars });
    rows.store(read, t);
    plain.forEach((twin, i) => {
      const at = gradients.get(Math.floor(i / SIZE));
      twin.update(at === undefined ? 0 : gradient[at + (i % SIZE)], t);
    });
  };
  return { device, table, rows, step, plain };
}

function expectEqual({ device, table, plain }: Case): void {
  device.read(table).forEach((value, i) => expect(Math.abs(value - plain[i].value)).toBeLessThan(2e-4));
}

describe.each(['onnx-cpu', 'tfjs-cpu'] as const)('LazyRows on %s', (backend) => {
  let device: Device;
  beforeAll(async () => (device = await openDevice({ backend, threads: 1 })));
  afterAll(() => device.dispose());

  it('moves the table as AdamW moves all of it in each step', async () => {
    const lazy = open(device);
    for (let t = 1; t <= STEPS; t++) {
      await lazy.step(t);
      if (t % 150 > 0) continue;
      lazy.rows.catchUp(t);
      expectEqual(lazy);
    }
    lazy.rows.catchUp(STEPS);
    expectEqual(lazy);
  });

  it('goes on from a saved state as if it had not stopped', async () => {
    const [whole, stopped] = [open(device), open(device)];
    for (let t = 1; t <= 60; t++) await whole.step(t);
    for (let t = 1; t <= 60; t++) await stopped.step(t);
    const resumed = open(device);
    resumed.rows.restore(structuredClone(stopped.rows.toTensors()));
    for (const { rows } of [whole, resumed]) rows.catchUp(100);
    expect(device.read(resumed.table)).toEqual(device.read(whole.table));
  });
});
