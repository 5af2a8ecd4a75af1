/** Finds the compute engines that work on this machine, and opens the best one. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';

import { DEVICE_KINDS, type Device, type DeviceKind, type HostTensors } from './device';
import { EagerDevice } from './eager';
import { DeviceError } from './errors';
import { OnnxDevice } from './onnx/onnx-device';
import { loadRuntime } from './onnx/session';

export interface OpenDeviceOptions {
  /** `auto`: the first of DEVICE_KINDS that works. */
  readonly backend: 'auto' | DeviceKind;
  /** How many threads one operation may use. */
  readonly threads: number;
  /** Called with why `onnx-cpu` does not work when plain JavaScript is all that does: it is far too slow to train with. */
  readonly onSlow?: (why: string) => void;
}

export interface DeviceProbe {
  readonly kind: DeviceKind;
  readonly works: boolean;
  /** The device's description, or why there is none. */
  readonly why: string;
}

/**
 * Opens a compute engine.
 *
 * @throws {DeviceError} When the kind asked for, or with `auto` every kind, does not work here; the message says why.
 */
export async function openDevice({ backend, threads, onSlow }: OpenDeviceOptions): Promise<Device> {
  const failures: string[] = [];
  for (const kind of backend === 'auto' ? DEVICE_KINDS : [backend]) {
    try {
      const device = await openWorking(kind, threads);
      const why = failures.find((failure) => failure.startsWith('onnx-cpu: '));
      if (kind === 'tfjs-cpu' && why !== undefined) onSlow?.(why);
      return device;
    } catch (error) {
      failures.push(`${kind}: ${reason(error)}`);
    }
  }
  throw new DeviceError(`openDevice: expected a working device, got ${failures.join('; ')}`);
}

/** Tries every kind. */
export async function probeDevices(): Promise<DeviceProbe[]> {
  const probes: DeviceProbe[] = [];
  for (const kind of DEVICE_KINDS) probes.push(await probe(kind));
  return probes;
}

async function probe(kind: DeviceKind): Promise<DeviceProbe> {
  try {
    const device = await openWorking(kind, 1);
    device.dispose();
    return { kind, works: true, why: device.description };
  } catch (error) {
    return { kind, works: false, why: reason(error) };
  }
}

/** Opens a device and runs a small function: many engines load without error and fail only when they run. */
async function openWorking(kind: DeviceKind, threads: number): Promise<Device> {
  // Silences tfjs's advice, at first use in Node.js, to install a package that nobody here needs.
  tf.enableProdMode();
  const device = await open(kind, threads);
  try {
    await checkArithmetic(device);
    return device;
  } catch (error) {
    device.dispose();
    throw error;
  }
}

async function open(kind: DeviceKind, threads: number): Promise<Device> {
  switch (kind) {
    case 'onnx-webgpu':
      requireGraphicsCard();
      return new OnnxDevice(loadRuntime(kind, threads));
    case 'onnx-cuda':
      requireCudaProvider();
      return new OnnxDevice(loadRuntime(kind, threads));
    case 'onnx-cpu':
      return new OnnxDevice(loadRuntime(kind, threads));
    case 'tfjs-node-gpu':
    case 'tfjs-node':
      return openTfjsPackage(kind);
    case 'tfjs-cpu':
      return new EagerDevice(kind, `TensorFlow.js ${tf.version_core}, plain JavaScript`, 'cpu');
    default:
      return kind satisfies never;
  }
}

const TFJS_PACKAGES = {
  'tfjs-node-gpu': { packageName: '@tensorflow/tfjs-node-gpu', title: 'TensorFlow, GPU' },
  'tfjs-node': { packageName: '@tensorflow/tfjs-node', title: 'TensorFlow, CPU' },
} as const;

/** Both add it to tfjs. */
const TENSORFLOW = 'tensorflow';

const requirePackage = createRequire(__filename);

/** These packages add a backend to tfjs when they are loaded. */
async function openTfjsPackage(kind: keyof typeof TFJS_PACKAGES): Promise<Device> {
  const { packageName, title } = TFJS_PACKAGES[kind];
  tf.backend();
  const before = tf.getBackend();
  try {
    requirePackage(packageName);
    if (!(await tf.setBackend(TENSORFLOW))) throw new Error(`expected tfjs to start ${TENSORFLOW}, got a refusal`);
    if (kind === 'tfjs-node-gpu') requireTensorflowGpu();
  } finally {
    // Loading a package changes tfjs's current backend; each run selects its own.
    await tf.setBackend(before);
  }
  return new EagerDevice(kind, `TensorFlow.js ${tf.version_core}, ${title}`, TENSORFLOW);
}

function requireTensorflowGpu(): void {
  const backend = tf.backend() as tf.KernelBackend & { readonly isUsingGpuDevice?: boolean };
  if (!backend.isUsingGpuDevice) throw new Error('expected TensorFlow to find a GPU, got none');
}

/** Device files of graphics cards: direct rendering, NVIDIA's driver, Windows' card seen from its Linux subsystem. */
const LINUX_GRAPHICS_CARDS = ['/dev/dri/renderD128', '/dev/nvidia0', '/dev/dxg'];

/** WebGPU may work without a card too: in software, slower than the CPU provider. */
function requireGraphicsCard(): void {
  if (process.platform !== 'linux' || LINUX_GRAPHICS_CARDS.some(existsSync)) return;
  throw new Error(`expected a graphics card, got none of ${LINUX_GRAPHICS_CARDS.join(', ')}`);
}

/** When its library is missing, the runtime prints an error in addition to the one that it throws. */
function requireCudaProvider(): void {
  const folder = join(dirname(requirePackage.resolve('onnxruntime-node/package.json')), 'bin', 'napi-v6');
  const file = process.platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
  const library = join(folder, process.platform, process.arch, file);
  if (!existsSync(library)) throw new Error(`expected ONNX Runtime's CUDA provider, got none at ${library}`);
}

async function checkArithmetic(device: Device): Promise<void> {
  const compiled = device.compile(({ x }) => ({ y: tf.matMul(x, x, false, true) }), { name: 'probe' });
  const inputs: HostTensors = { x: { shape: [1, 2], data: Float32Array.of(3, 4) } };
  const { y } = await compiled.run(inputs);
  compiled.dispose();
  if (y.data[0] !== 25) throw new Error(`expected 3² + 4² = 25, got ${y.data[0]}`);
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'MODULE_NOT_FOUND') return 'the package is not installed';
  // The first line: native libraries append their stack.
  return error.message.split('\n')[0];
}
