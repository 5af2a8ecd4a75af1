/** Makes an ONNX model of a function on tensors, by running it once on tensors without values. */
import * as tf from '@tensorflow/tfjs-core';

import type { Adoptable, TensorFunction } from '../device';
import { withBackend } from '../tfjs-backend';
import { isRows } from '../variables';
import type { OnnxModel } from './graph';
import { tracingBackend } from './kernels';
import { type Traced, Tracer, type TracerOptions } from './tracer';
import { TRACING_BACKEND, type Trace } from './tracing-backend';

/** Shape and type of one argument. */
export interface InputSpec {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

export interface TraceOptions extends TracerOptions {
  readonly name: string;
  /** Returns a variable's values, which become constants of the model; null: variables are inputs and outputs of the model. */
  readonly frozenValues: ((variable: tf.Variable) => Adoptable) | null;
}

/** A variable and its name in the model, as input or as output. */
export interface VariablePort {
  readonly name: string;
  readonly variable: tf.Variable;
}

/** An argument or a result of the function, and its name in the model. */
interface TensorPort {
  readonly key: string;
  readonly name: string;
}

export interface TracedModel {
  readonly bytes: OnnxModel['bytes'];
  /** Arguments that the outputs depend on. */
  readonly inputs: readonly TensorPort[];
  readonly reads: readonly VariablePort[];
  readonly writes: readonly VariablePort[];
  readonly outputs: readonly TensorPort[];
}

/**
 * Traces `fn` for one set of input shapes.
 *
 * Variables keep their values and their place, whatever `fn` assigns to them.
 *
 * @throws {UnsupportedKernelError} When `fn` uses an operation without a rule.
 * @throws {HostReadError} When `fn` reads a value that is computed at run time.
 */
export function traceFunction(
  fn: TensorFunction,
  inputs: Readonly<Record<string, InputSpec>>,
  options: TraceOptions,
): TracedModel {
  const backend = tracingBackend();
  const variables = new VariableGuard();
  try {
    const trace = new FunctionTrace(variables, options);
    let model!: TracedModel;
    const run = () => {
      const outputs = fn(trace.makeInputs(inputs));
      variables.refuseNewOnes(options.name);
      model = trace.finish(outputs);
    };
    withBackend(TRACING_BACKEND, () => backend.run(trace, () => tf.tidy(run)));
    return model;
  } finally {
    variables.restore();
  }
}

/** Remembers what every variable held, so that a trace can tell what was assigned and undo it. */
class VariableGuard {
  private readonly before = new Map<tf.Variable, tf.Tensor>(
    // A clone shares the data and keeps it alive while something else is assigned.
    Object.values(tf.engine().registeredVariables).map((variable) => [variable, variable.clone()]),
  );

  /** @returns The variable that had this tensor as its value before the trace; null if none had. */
  find(tensor: tf.TensorInfo): tf.Variable | null {
    if (!this.before.has(tensor as tf.Variable)) return null;
    const variable = tensor as tf.Variable;
    if (this.isUntouched(variable)) return variable;
    // When one variable is assigned to another, both share the data.
    return [...this.before.keys()].find((other) => this.before.get(other)!.dataId === variable.dataId) ?? null;
  }

  assigned(): tf.Variable[] {
    return [...this.before.keys()].filter((variable) => !variable.isDisposed && !this.isUntouched(variable));
  }

  refuseNewOnes(name: string): void {
    const created = Object.values(tf.engine().registeredVariables).filter((variable) => !this.before.has(variable));
    if (created.length === 0) return;
    const names = created.map((variable) => variable.name).join(', ');
    for (const variable of created) variable.dispose();
    throw new Error(`compile ${name}: expected all variables to be made before the first run, got new ones: ${names}`);
  }

  restore(): void {
    for (const variable of this.assigned()) variable.assign(this.before.get(variable)!);
    for (const clone of this.before.values()) clone.dispose();
  }

  private isUntouched(variable: tf.Variable): boolean {
    return this.before.get(variable)!.dataId === variable.dataId;
  }
}

class FunctionTrace implements Trace {
  readonly tracer: Tracer;
  private readonly reads = new Map<tf.Variable, Traced>();
  private readonly inputs: TensorPort[] = [];

  constructor(
    private readonly variables: VariableGuard,
    private readonly options: TraceOptions,
  ) {
    this.tracer = new Tracer(options);
  }

  makeInputs(inputs: Readonly<Record<string, InputSpec>>): Record<string, tf.Tensor> {
    const entries = Object.entries(inputs).map(([key, { shape, dtype }]) => {
      const value = this.tracer.input(`input:${key}`, dtype, shape);
      this.inputs.push({ key, name: value.name });
      return [key, tf.engine().makeTensorFromTensorInfo(tracingBackend().store({ value, shape, dtype }))];
    });
    return Object.fromEntries(entries);
  }

  adopt(tensor: tf.TensorInfo): Traced {
    const variable = this.variables.find(tensor);
    if (!variable) return this.tracer.constant(tf.engine().readSync(tensor.dataId), tensor.shape, tensor.dtype);
    const known = this.reads.get(variable);
    if (known) return known;
    const traced = this.variable(variable);
    this.reads.set(variable, traced);
    return traced;
  }

  finish(outputs: Record<string, tf.Tensor>): TracedModel {
    const ports = Object.entries(outputs).map(([key, tensor]) => ({ key, name: this.result(tensor) }));
    const assigned = this.variables.assigned();
    if (this.options.frozenValues && assigned.length > 0) {
      const names = assigned.map((variable) => variable.name).join(', ');
      throw new Error(
        `compile ${this.options.name}: expected no assignment in a frozen function, got some to ${names}`,
      );
    }
    const writes = assigned.map((variable) => ({ variable, name: this.result(variable) }));
    const { bytes, inputNames } = this.tracer.graph.toModel(this.options.name);
    const reads = [...this.reads].map(([variable, { value }]) => ({ variable, name: value.name }));
    return {
      bytes,
      inputs: this.inputs.filter(({ name }) => inputNames.has(name)),
      reads: reads.filter(({ name }) => inputNames.has(name)),
      writes,
      outputs: ports,
    };
  }

  private variable(variable: tf.Variable): Traced {
    const { shape } = variable;
    const dtype = variable.dtype as 'float32' | 'int32';
    const frozen = this.options.frozenValues?.(variable);
    if (frozen && isRows(frozen)) return this.tracer.stored(frozen, shape);
    if (frozen) return this.tracer.constant(frozen, shape, dtype);
    return { value: this.tracer.graph.input(`variable:${this.reads.size}`, dtype, shape), shape, dtype };
  }

  /** Booleans cross the seam as 0 and 1. */
  private result(tensor: tf.Tensor): string {
    const traced = tracingBackend().resolve(tensor);
    const whole = traced.dtype === 'bool' ? this.tracer.cast(traced, 'int32') : traced;
    return this.tracer.graph.output(this.tracer.whole(whole));
  }
}
