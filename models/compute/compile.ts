/** Keeps one compiled form of a function for each combination of input shapes, and drops the one that was not used for longest. */
import type { Mutex } from 'async-mutex';
import { LRUCache } from 'lru-cache';

import type { Compiled, CompileOptions, HostTensor, HostTensors } from './device';
import { ShapeError } from './errors';

/** A function compiled for one combination of input shapes. */
export interface CompiledShape {
  run(inputs: HostTensors): Promise<HostTensors>;
  dispose(): void;
}

export type ShapeCompiler = (inputs: HostTensors) => Promise<CompiledShape>;

const DEFAULT_MAX_SHAPES = 8;

/** Compiles each combination of shapes when it first comes, and keeps the `maxShapes` that were used last. */
export class ShapeCache implements Compiled {
  /** The key is the shapes of all inputs. */
  private readonly shapes: LRUCache<string, CompiledShape>;
  private isDisposed = false;

  /** @param lock - The device's: its compiled functions share variables, so that they run one after another. */
  constructor(
    private readonly options: CompileOptions,
    private readonly lock: Mutex,
    private readonly compileShape: ShapeCompiler,
  ) {
    const max = options.maxShapes ?? DEFAULT_MAX_SHAPES;
    this.shapes = new LRUCache({ max, dispose: (shape) => shape.dispose() });
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    for (const [name, input] of Object.entries(inputs)) checkInput(`${this.options.name}: ${name}`, input);
    return this.lock.runExclusive(async () => (await this.find(inputs)).run(inputs));
  }

  dispose(): void {
    this.isDisposed = true;
    void this.lock.runExclusive(async () => this.shapes.clear());
  }

  private async find(inputs: HostTensors): Promise<CompiledShape> {
    if (this.isDisposed) throw new Error(`${this.options.name}: expected a compiled function, got a disposed one`);
    const key = shapesKey(inputs, this.options);
    const shape = this.shapes.get(key) ?? (await this.compileShape(inputs));
    this.shapes.set(key, shape);
    return shape;
  }
}

export function dtypeOf({ data }: HostTensor): 'float32' | 'int32' {
  return data instanceof Int32Array ? 'int32' : 'float32';
}

function shapesKey(inputs: HostTensors, { freeExtents }: Pick<CompileOptions, 'freeExtents'>): string {
  let key = '';
  for (const [name, input] of Object.entries(inputs)) {
    const free = freeExtents?.[name];
    key += `${name} ${dtypeOf(input)}`;
    input.shape.forEach((extent, axis) => (key += ` ${free?.[axis] ?? extent}`));
  }
  return key;
}

function checkInput(name: string, { shape, data }: HostTensor): void {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (data.length === size) return;
  throw new ShapeError(`${name}: expected ${size} values for shape [${shape.join()}], got ${data.length}`);
}
