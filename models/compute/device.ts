/** The interface of a compute engine: it compiles tensor functions and holds variables. */
import type { Tensor, Variable } from '@tensorflow/tfjs-core';

import type { RowSource } from '../math/rows';

/**
 * Engines in the order in which `auto` tries them; it takes the first that works on this machine. ONNX Runtime's WebGPU is
 * experimental: no run has shown yet that it learns as the CPU provider does. It comes after the CPU, so it is used only when it is named.
 */
export const DEVICE_KINDS = ['tfjs-node-gpu', 'onnx-cuda', 'onnx-cpu', 'onnx-webgpu', 'tfjs-node', 'tfjs-cpu'] as const;

export type DeviceKind = (typeof DEVICE_KINDS)[number];

/** A tensor on the host, as devices take and return it. int32 for codes and indices, float32 for all else. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

export type HostTensors = Readonly<Record<string, HostTensor>>;

/** Values that a device may keep as they are. */
export type Adoptable = HostTensor['data'] | RowSource;

export function hostScalar(value: number): HostTensor {
  return { shape: [], data: Float32Array.of(value) };
}

/** A function of tensors; besides its inputs it uses only variables and constants. */
export type TensorFunction = (inputs: Record<string, Tensor>) => Record<string, Tensor>;

export interface CompileOptions {
  /** For messages and profiles, such as `train-step`. */
  readonly name: string;
  /**
   * True: variables become constants of the compiled function, as they are at its first run for each shape. Faster; for
   * inference only. False: variables are read at every run, and what the function assigns to them stays assigned.
   */
  readonly frozen?: boolean;
  /**
   * True: products with constants are computed in 8 bits, if the device is faster so: those with tables that are read transposed, and
   * those of normalised rows. They are wrong by a percent or two. For frozen functions.
   */
  readonly eightBits?: boolean;
  /** How many threads one operation may use; absent: as many as the device's may. */
  readonly threads?: number;
  /**
   * Extents that may differ between runs without a new compilation: the name of each, axis by axis of an input; null, or none: the
   * extent is fixed. Extents of one name count as equal. The function may use them and their products in shapes, but may not
   * calculate with them.
   */
  readonly freeExtents?: Readonly<Record<string, readonly (string | null)[]>>;
  /** How many compiled shapes are kept; the least recently used is dropped first. Default 8. */
  readonly maxShapes?: number;
}

/** A compiled function; each new combination of input shapes is compiled once. */
export interface Compiled {
  /** @returns The function's outputs by name. The arrays are the caller's to keep. */
  run(inputs: HostTensors): Promise<HostTensors>;
  dispose(): void;
}

/**
 * One compute engine. Variables are plain `tf.Variable`s; between runs of compiled functions their true values live on
 * the device, so they are read and written through it.
 */
export interface Device {
  readonly kind: DeviceKind;
  /** For people: `ONNX Runtime 1.30, CPU, 2 threads`. */
  readonly description: string;
  compile(fn: TensorFunction, options: CompileOptions): Compiled;
  /** @returns A copy of the variable's present value. */
  read(variable: Variable): Float32Array | Int32Array;
  /** @returns The present value of a float32 variable by its last axis, for reading only. */
  rows(variable: Variable): RowSource;
  /**
   * @param values - The device may keep the array, which must not change any more: so several threads can share one copy. A matrix that is
   *   no array is read where it lies, when it is needed.
   */
  write(variable: Variable, values: Adoptable): void;
  dispose(): void;
}
