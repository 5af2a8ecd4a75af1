import * as tf from '@tensorflow/tfjs';

import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { presetConfig } from '../../../models/config';
import { CodebookKeeper } from '../../../models/training/codebook-keeper';

const CONFIG = { ...presetConfig('tiny').tokenizer, numLevels: 2, codebookSize: 3, latentSize: 2 };
/** Three far points, each with two near ones: three codes find the points, three more what is left. */
const LATENTS = Float32Array.of(...[0, 0, 0, 1], ...[100, 0, 100, 1], ...[0, 100, 0, 101]);

let device: Device;
beforeAll(async () => (device = await openDevice({ backend: 'tfjs-cpu', threads: 1 })));
afterAll(() => device.dispose());

function makeKeeper(latents = LATENTS, seed = 1) {
  const variables = (count: number, value: number) =>
    Array.from({ length: count }, () => tf.variable(tf.fill([3, 2], value)));
  const [codebooks, moments] = [variables(2, 0), variables(4, 7)];
  const asked: number[] = [];
  const sampleLatents = (step: number) => (asked.push(step), Promise.resolve(latents));
  return {
    keeper: new CodebookKeeper({ device, config: CONFIG, seed, codebooks, moments, sampleLatents }),
    moments,
    asked,
  };
}
const rowsOf = (values: ArrayLike<number>) => [0, 1, 2].map((row) => `${values[2 * row]},${values[2 * row + 1]}`);
const chosen = (...codes: number[]) => ({ shape: [codes.length / 2, 2], data: Int32Array.from(codes) });

/** How often each code was chosen, level by level. */
function countsOf(keeper: CodebookKeeper): number[][] {
  return Object.values(keeper.toTensors()).map(({ data }) => [...data]);
}

describe('CodebookKeeper', () => {
  it('starts the codebooks at the clusters of the latents, then at the clusters of what is left', async () => {
    const { keeper, asked } = makeKeeper();
    await keeper.start();
    const [first, second] = keeper.read();
    expect(rowsOf(first).sort()).toEqual(['0,0.5', '0,100.5', '100,0.5']);
    expect(new Set(rowsOf(second))).toEqual(new Set(['0,0.5', '0,-0.5']));
    expect(asked).toEqual([0]);
  });

  it('moves unused codes to latents, and forgets their gradients and the counts', async () => {
    const { keeper, moments } = makeKeeper();
    await keeper.start();
    const before = keeper.read();
    keeper.count(chosen(0, 0, 1, 1, 0, 2)); // code 2 of level 0 is unused
    await keeper.reseed(20);
    const after = keeper.read();
    expect(rowsOf(after[0]).slice(0, 2)).toEqual(rowsOf(before[0]).slice(0, 2));
    const points = Array.from({ length: 6 }, (_, i) => `${LATENTS[2 * i]},${LATENTS[2 * i + 1]}`);
    expect(points).toContain(rowsOf(after[0])[2]);
    expect(after[1]).toEqual(before[1]);
    expect(moments.map((moment) => rowsOf(moment.dataSync()))).toEqual([
      ...Array.from({ length: 2 }, () => ['7,7', '7,7', '0,0']),
      ...Array.from({ length: 2 }, () => ['7,7', '7,7', '7,7']),
    ]);
    expect(countsOf(keeper)).toEqual([[0, 0, 0], [0, 0, 0]]); // prettier-ignore
  });
});
