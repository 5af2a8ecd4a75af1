/** Tensors for tests: made from a seed, and compared. */
import type { HostTensor, HostTensors } from '../../models/compute/device';

/** @returns Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns float32 between `low` and `high`. */
export function randomFloats(random: () => number, shape: readonly number[], low = -2, high = 2): HostTensor {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random()) };
}

/** @returns int32 from `low` up to, not with, `high`. */
export function randomInts(random: () => number, shape: readonly number[], low: number, high: number): HostTensor {
  return { shape, data: Int32Array.from({ length: sizeOf(shape) }, () => low + Math.floor((high - low) * random())) };
}

export function floats(shape: readonly number[], ...values: number[]): HostTensor {
  return { shape, data: Float32Array.from(values) };
}

export function ints(shape: readonly number[], ...values: number[]): HostTensor {
  return { shape, data: Int32Array.from(values) };
}

/** @returns Root of Σ (actual − expected)² over root of Σ expected²; over 1 where that is smaller. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(difference) / Math.max(1, Math.sqrt(norm));
}

/** Fails unless both have the same names, shapes and types, and values within a relative error. */
export function expectClose(actual: HostTensors, expected: HostTensors, tolerance = 1e-5): void {
  expect(describeAll(actual)).toEqual(describeAll(expected));
  for (const [name, { data }] of Object.entries(expected)) {
    const error = relativeError(actual[name].data, data);
    if (!(error <= tolerance)) {
      throw new Error(
        `${name}: expected ${[...data].slice(0, 20)}, got ${[...actual[name].data].slice(0, 20)} (error ${error})`,
      );
    }
  }
}

function describeAll(tensors: HostTensors) {
  return Object.entries(tensors).map(([name, { shape, data }]) => [name, [...shape], data.constructor.name]);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
