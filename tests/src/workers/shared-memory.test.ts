import { onSharedMemory, sharedArray } from '../../../src/workers/shared-memory';

describe('sharedArray', () => {
  it.each([Float32Array.of(1.5, -2), Int32Array.of(-7), Uint8Array.of(255), new Int32Array(0)])(
    'copies numbers of the same type to memory that threads share',
    (array) => {
      const shared = sharedArray(array);
      expect(shared).toEqual(array);
      expect(shared.constructor).toBe(array.constructor);
      expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
    },
  );

  it('copies only the part of a buffer that the array is', () => {
    expect(sharedArray(Float32Array.of(1, 2, 3, 4).subarray(1, 3)).buffer.byteLength).toBe(8);
  });
});

describe('onSharedMemory', () => {
  it('has the same data, with the arrays of numbers on shared memory', () => {
    const data = { name: 'a', none: null, list: [1, { of: Float64Array.of(0.5) }], ends: Uint32Array.of(3) };
    const shared = onSharedMemory(data);
    expect(shared).toEqual(data);
    expect(shared.ends.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect((shared.list[1] as { of: Float64Array }).of.buffer).toBeInstanceOf(SharedArrayBuffer);
  });
});
