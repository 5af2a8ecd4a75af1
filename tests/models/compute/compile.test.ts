import { Mutex } from 'async-mutex';

import { ShapeCache } from '../../../models/compute/compile';
import type { CompileOptions, HostTensors } from '../../../models/compute/device';

const floats = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });
const ints = (...shape: number[]) => ({ shape, data: new Int32Array(shape.reduce((a, b) => a * b, 1)) });

describe('ShapeCache', () => {
  let compiled: string[];
  let disposed: string[];

  /** Compiles to a function that answers with the shapes that it was compiled for. */
  function open(options: Partial<CompileOptions> = {}, lock = new Mutex()): ShapeCache {
    [compiled, disposed] = [[], []];
    return new ShapeCache({ name: 'test', ...options }, lock, async (inputs) => {
      const name = Object.entries(inputs).map(([key, { shape }]) => `${key}[${shape.join()}]`).join(' '); // prettier-ignore
      compiled.push(name);
      return {
        run: async (given: HostTensors) => given,
        dispose: () => void disposed.push(name),
      };
    });
  }

  it('compiles each combination of shapes and types once', async () => {
    const cache = open();
    for (const x of [floats(2), floats(2), floats(3), ints(2), floats(2, 1)]) await cache.run({ x });
    expect(compiled).toEqual(['x[2]', 'x[3]', 'x[2]', 'x[2,1]']);
  });

  it('compiles once whatever the free extents are, and anew for others', async () => {
    const cache = open({ freeExtents: { x: ['rows'] } });
    for (const rows of [1, 5, 9]) await cache.run({ x: floats(rows, 2), y: floats(3) });
    expect(compiled).toHaveLength(1);
    await cache.run({ x: floats(1, 3), y: floats(3) });
    await cache.run({ x: floats(1, 2), y: floats(4) });
    expect(compiled).toHaveLength(3);
  });

  it('drops the shapes that were not used for longest', async () => {
    const cache = open({ maxShapes: 2 });
    for (const rows of [1, 2, 1, 3]) await cache.run({ x: floats(rows) });
    expect(disposed).toEqual(['x[2]']);
    await cache.run({ x: floats(1) });
    await cache.run({ x: floats(2) });
    expect(compiled).toEqual(['x[1]', 'x[2]', 'x[3]', 'x[2]']);
  });

  it('runs one function at a time over all that share its lock', async () => {
    const lock = new Mutex();
    let running = 0;
    let most = 0;
    const busy = async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return {};
    };
    const caches = [1, 2].map(
      () => new ShapeCache({ name: 'test' }, lock, async () => ({ run: busy, dispose: () => undefined })),
    );
    await Promise.all([...caches, ...caches].map((cache) => cache.run({ x: floats(1) })));
    expect(most).toBe(1);
  });

  it('gives back what it holds once it is disposed, and runs no more', async () => {
    const cache = open();
    await cache.run({ x: floats(1) });
    cache.dispose();
    await expect(cache.run({ x: floats(1) })).rejects.toThrow('expected a compiled function, got a disposed one');
    expect(disposed).toEqual(['x[1]']);
  });
});
