/**
 * A tfjs backend that computes nothing: it stores the graph value of each tensor.
 *
 * It is storage only: tracer.ts defines what is stored, and kernels/ what an operation does.
 */
import * as tf from '@tensorflow/tfjs-core';

import { HostReadError } from '../errors';
import type { Traced, Tracer } from './tracer';

export const TRACING_BACKEND = 'tigerql-tracing';

/** A function being traced. */
export interface Trace {
  readonly tracer: Tracer;
  /** @returns The graph value of a tensor that was made before the trace, on another backend. */
  adopt(tensor: tf.TensorInfo): Traced;
}

/** The same as tfjs has for 32-bit floats; losses add it before they take a logarithm. */
const EPSILON = 1e-7;

interface Entry {
  readonly traced: Traced;
  refCount: number;
}

export class TracingBackend extends tf.KernelBackend {
  private readonly entries = new Map<tf.DataId, Entry>();
  private trace: Trace | null = null;

  /** Runs `body`. The tensors that it makes are stored here, and are forgotten afterwards. */
  run<T>(trace: Trace, body: () => T): T {
    if (this.trace) throw new Error('compile: expected no compiled function to be made inside another, got one');
    this.trace = trace;
    try {
      return body();
    } finally {
      this.trace = null;
      this.entries.clear();
    }
  }

  get tracer(): Tracer {
    return this.current().tracer;
  }

  /** @returns A new tensor handle, even if the value already has one. */
  store(traced: Traced): tf.TensorInfo {
    const dataId = {};
    this.entries.set(dataId, { traced, refCount: 1 });
    return { dataId, shape: [...traced.shape], dtype: traced.dtype };
  }

  resolve(tensor: tf.TensorInfo): Traced {
    return this.entries.get(tensor.dataId)?.traced ?? this.current().adopt(tensor);
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    return this.store(this.tracer.constant(values, shape, dtype)).dataId;
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const traced = this.entries.get(dataId)?.traced;
    const constant = traced?.value.constant;
    if (!traced || !constant || constant instanceof BigInt64Array || constant instanceof Int8Array) {
      throw new HostReadError(
        'compile: expected a function that reads no values while it is traced, got a read (dataSync, arraySync, print ' +
          'or data) of a tensor that is computed at run time',
      );
    }
    const size = tf.util.sizeFromShape([...traced.shape]);
    return constant.length === size ? constant : tf.util.getTypedArrayFromDType(traced.dtype, size).fill(constant[0]);
  }

  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override incRef(dataId: tf.DataId): void {
    const entry = this.entries.get(dataId);
    if (entry) entry.refCount++;
    // tfjs calls the current backend, even when a variable gets a tensor of another backend.
    else tf.engine().state.tensorInfo.get(dataId)?.backend.incRef(dataId);
  }

  override refCount(dataId: tf.DataId): number {
    return this.entries.get(dataId)?.refCount ?? 0;
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const entry = this.entries.get(dataId);
    if (!entry) return true;
    entry.refCount--;
    if (!force && entry.refCount > 0) return false;
    return this.entries.delete(dataId);
  }

  override numDataIds(): number {
    return this.entries.size;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return EPSILON;
  }

  override dispose(): void {
    this.entries.clear();
  }

  private current(): Trace {
    if (!this.trace) throw new Error(`${TRACING_BACKEND}: expected a trace in progress, got none`);
    return this.trace;
  }
}
