/** What all devices share: one compiled form for each combination of input shapes; the least recently used is dropped. */
import { LRUCache } from 'lru-cache';

import type { Compiled, CompileOptions, HostTensor, HostTensors } from './device';
import { ShapeError } from './errors';

/** A function compiled for one combination of input shapes. */
export interface CompiledShape {
  run(inputs: HostTensors): Promise<HostTensors>;
  dispose(): void;
}

export type ShapeCompiler = (inputs: HostTensors) => Promise<CompiledShape>;

/** Runs one thing after another: compiled functions of a device share their variables. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(body: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(body);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

const DEFAULT_MAX_SHAPES = 8;

/** Compiles on first sight of a combination of shapes, and keeps the `maxShapes` used last. */
export class ShapeCache implements Compiled {
  readonly #options: CompileOptions;
  readonly #compileShape: ShapeCompiler;
  readonly #turns: Turns;
  /** By shapes. */
  readonly #shapes: LRUCache<string, CompiledShape>;
  #isDisposed = false;

  constructor(options: CompileOptions, turns: Turns, compileShape: ShapeCompiler) {
    this.#options = options;
    this.#turns = turns;
    const max = options.maxShapes ?? DEFAULT_MAX_SHAPES;
    this.#shapes = new LRUCache({ max, dispose: (shape) => shape.dispose() });
    this.#compileShape = compileShape;
  }

  async run(inputs: HostTensors): Promise<HostTensors> {
    for (const [name, input] of Object.entries(inputs)) checkInput(`${this.#options.name}: ${name}`, input);
    return this.#turns.take(async () => (await this.#find(inputs)).run(inputs));
  }

  dispose(): void {
    this.#isDisposed = true;
    void this.#turns.take(async () => this.#shapes.clear());
  }

  async #find(inputs: HostTensors): Promise<CompiledShape> {
    if (this.#isDisposed) throw new Error(`${this.#options.name}: expected a compiled function, got a disposed one`);
    const key = shapesKey(inputs, this.#options.freeRows ?? []);
    const shape = this.#shapes.get(key) ?? (await this.#compileShape(inputs));
    this.#shapes.set(key, shape);
    return shape;
  }
}

export function dtypeOf({ data }: HostTensor): 'float32' | 'int32' {
  return data instanceof Int32Array ? 'int32' : 'float32';
}

function shapesKey(inputs: HostTensors, freeRows: readonly string[]): string {
  const parts = Object.entries(inputs).map(([name, input]) => {
    const shape = freeRows.includes(name) ? ['*', ...input.shape.slice(1)] : input.shape;
    return `${name}:${dtypeOf(input)}[${shape.join()}]`;
  });
  return parts.sort().join(' ');
}

function checkInput(name: string, { shape, data }: HostTensor): void {
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (data.length === size) return;
  throw new ShapeError(`${name}: expected ${size} values for shape [${shape.join()}], got ${data.length}`);
}
