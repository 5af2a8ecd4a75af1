/** A device that traces functions to ONNX models, which ONNX Runtime runs. */
import type { Variable } from '@tensorflow/tfjs-core';
import { Mutex } from 'async-mutex';
import type { InferenceSession, Tensor } from 'onnxruntime-node';

import type { RowSource } from '../../math/rows';
import { type CompiledShape, ShapeCache, dtypeOf } from '../compile';
import type {
  Adoptable,
  Compiled,
  CompileOptions,
  Device,
  DeviceKind,
  HostTensor,
  HostTensors,
  TensorFunction,
} from '../device';
import { VariableStore } from '../variables';
import { freeBytes, freeExtent } from './graph';
import type { OnnxRuntime } from './session';
import { type TracedModel, traceFunction } from './trace';

export class OnnxDevice implements Device {
  readonly kind: DeviceKind;
  readonly description: string;
  private readonly variables = new VariableStore();
  private readonly lock = new Mutex();
  private readonly compiled = new Set<Compiled>();

  constructor(private readonly runtime: OnnxRuntime) {
    this.kind = runtime.kind;
    this.description = runtime.description;
  }

  compile(fn: TensorFunction, options: CompileOptions): Compiled {
    const compiled = new ShapeCache(options, this.lock, (inputs) => this.compileShape(fn, options, inputs));
    this.compiled.add(compiled);
    return {
      run: (inputs) => compiled.run(inputs),
      dispose: () => {
        this.compiled.delete(compiled);
        compiled.dispose();
      },
    };
  }

  read(variable: Variable): HostTensor['data'] {
    return this.variables.read(variable);
  }

  rows(variable: Variable): RowSource {
    return this.variables.rows(variable);
  }

  write(variable: Variable, values: Adoptable): void {
    this.variables.write(variable, values);
  }

  dispose(): void {
    for (const compiled of this.compiled) compiled.dispose();
    this.compiled.clear();
  }

  private async compileShape(fn: TensorFunction, options: CompileOptions, inputs: HostTensors): Promise<CompiledShape> {
    const freeExtents = freeExtentsOf(options);
    const specs = Object.entries(inputs).map(([key, input]) => {
      const names = options.freeExtents?.[key] ?? [];
      const shape = input.shape.map((extent, axis) => freeExtents.get(names[axis] ?? '') ?? extent);
      return [key, { shape, dtype: dtypeOf(input) }];
    });
    const frozenValues = options.frozen ? (variable: Variable) => this.variables.kept(variable) : null;
    const tracing = {
      name: options.name,
      frozenValues,
      hasEightBits: options.eightBits && this.runtime.hasFastEightBits,
      freeExtents: [...freeExtents.values()],
    };
    const { bytes, ...ports } = traceFunction(fn, Object.fromEntries(specs), tracing);
    const session = await this.runtime.createSession(bytes, options.threads);
    freeBytes({ bytes }); // the session has a copy
    return new OnnxFunction(this.runtime, this.variables, ports, session);
  }
}

/** @returns The number that stands for each free extent, by its name. */
function freeExtentsOf({ freeExtents = {} }: CompileOptions): Map<string, number> {
  const names = new Set(Object.values(freeExtents).flatMap((ofInput) => ofInput.filter((name) => name !== null)));
  return new Map([...names].map((name, index) => [name, freeExtent(index)]));
}

/** A traced function with its session. */
class OnnxFunction implements CompiledShape {
  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly variables: VariableStore,
    private readonly ports: Omit<TracedModel, 'bytes'>,
    private readonly session: InferenceSession,
  ) {}

  /** Reads the variables, runs, and stores what the run assigned to them. If the run fails, they do not change. */
  async run(inputs: HostTensors): Promise<HostTensors> {
    const results = await this.session.run(this.feeds(inputs));
    const values = (name: string) => results[name].data as HostTensor['data'];
    for (const { name, variable } of this.ports.writes) this.variables.replace(variable, values(name));
    const outputs = this.ports.outputs.map(
      ({ key, name }) => [key, { shape: results[name].dims, data: values(name) }] as const,
    );
    return Object.fromEntries(outputs);
  }

  dispose(): void {
    this.session.release().catch(() => undefined); // its memory goes with the thread then
  }

  private feeds(inputs: HostTensors): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    for (const { key, name } of this.ports.inputs) {
      feeds[name] = this.runtime.tensor(inputs[key].data, inputs[key].shape);
    }
    for (const { name, variable } of this.ports.reads) {
      feeds[name] = this.runtime.tensor(this.variables.present(variable), variable.shape);
    }
    return feeds;
  }
}
