/** Loads ONNX Runtime, makes sessions, and wraps arrays as its tensors. No other file loads the package. */
import { createRequire } from 'node:module';

import type { InferenceSession, Tensor } from 'onnxruntime-node';

import type { DeviceKind, HostTensor } from '../device';
import { forbidTelemetry } from './no-telemetry';

export type OnnxDeviceKind = Extract<DeviceKind, `onnx-${string}`>;

/** A runtime bound to one execution provider. */
export interface OnnxRuntime {
  readonly kind: OnnxDeviceKind;
  readonly description: string;
  /** Whether products with tables of 8 bits are faster than with floats; elsewhere the runtime makes floats of the whole table first. */
  readonly hasFastEightBits: boolean;
  /** @param threads - How many of them one operation may use; absent: as given when the runtime was loaded. */
  createSession(model: Uint8Array, threads?: number): Promise<InferenceSession>;
  /** Wraps an array without copying it. */
  tensor(data: HostTensor['data'], shape: readonly number[]): Tensor;
}

const PROVIDERS: Readonly<Record<OnnxDeviceKind, { readonly name: string; readonly title: string }>> = {
  'onnx-cuda': { name: 'cuda', title: 'CUDA' },
  'onnx-webgpu': { name: 'webgpu', title: 'WebGPU' },
  'onnx-cpu': { name: 'cpu', title: 'CPU' },
};

const requirePackage = createRequire(__filename);

/**
 * Loads the package.
 *
 * @param threads - How many of them one operation may use.
 * @throws When the package is not installed or cannot be loaded on this machine.
 */
export function loadRuntime(kind: OnnxDeviceKind, threads: number): OnnxRuntime {
  const { name, title } = PROVIDERS[kind];
  forbidTelemetry();
  const runtime = requirePackage('onnxruntime-node') as typeof import('onnxruntime-node');
  return {
    kind,
    description: `ONNX Runtime ${runtime.env.versions.node}, ${title}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    hasFastEightBits: kind === 'onnx-cpu' && process.arch === 'x64', // measured there alone
    createSession: (model, own = threads) => runtime.InferenceSession.create(model, sessionOptions(name, own)),
    tensor: (data, shape) =>
      data instanceof Int32Array
        ? new runtime.Tensor('int32', data, shape)
        : new runtime.Tensor('float32', data, shape),
  };
}

function sessionOptions(provider: string, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // With a memory pattern the runtime allocates a second block as large as all that a run needs: 1.8 GB in place of 1.0 for a
    // training step of preset paper at batch 64, and the step is not faster. The arena stays on: without it, half a million page
    // faults make a step of preset base a quarter slower. Each compiled shape has an arena of its own.
    enableMemPattern: false,
    // Only fatal messages: errors are thrown anyway, and the warnings list what a GPU provider leaves to the CPU.
    logSeverityLevel: 4,
    // Waiting threads sleep: the server's event loop and its other workers need the cores too.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
