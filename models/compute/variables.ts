/** Values of variables while a device works with them outside tfjs. */
import * as tf from '@tensorflow/tfjs-core';
import type { Variable } from '@tensorflow/tfjs-core';

import { Rows, type RowSource } from '../math/rows';
import type { Adoptable, Device, HostTensor } from './device';
import { ShapeError } from './errors';

type Values = HostTensor['data'];

interface Slot {
  readonly kept: Adoptable;
  /** tfjs's id of the value that was taken over. If the variable has another one, it was assigned to since. */
  readonly dataId: object;
}

/** Takes each variable's value from tfjs at the first read; from then on the store holds it. */
export class VariableStore {
  private readonly slots = new WeakMap<Variable, Slot>();

  /** @returns The present values themselves, if they are in memory; the caller must not change them. */
  present(variable: Variable): Values {
    return valuesOf(this.kept(variable));
  }

  /** @returns The present values, in memory or in a file; the caller must not change them. */
  kept(variable: Variable): Adoptable {
    return this.slot(variable).kept;
  }

  /** @returns The present values by the last axis. */
  rows(variable: Variable): RowSource {
    return rowsOf(variable, this.kept(variable));
  }

  /** @param values - As many as before; the store keeps them. */
  replace(variable: Variable, values: Adoptable): void {
    this.slots.set(variable, { kept: values, dataId: variable.dataId });
  }

  read(variable: Variable): Values {
    return this.present(variable).slice();
  }

  /** @throws {ShapeError} When the number of values is not the variable's. */
  write(variable: Variable, values: Adoptable): void {
    checkSize(variable, values);
    this.replace(variable, values);
  }

  private slot(variable: Variable): Slot {
    const known = this.slots.get(variable);
    if (known && known.dataId === variable.dataId) return known;
    const values = variable.dataSync<'float32' | 'int32'>();
    // A copy of what no training changes would only take memory: the texts of a large catalogue take much.
    const slot = { kept: variable.trainable ? values.slice() : values, dataId: variable.dataId };
    this.slots.set(variable, slot);
    return slot;
  }
}

/** @returns Copies of the variables' present values, by their names. */
export function readAll(
  device: Pick<Device, 'read'>,
  variables: Iterable<readonly [name: string, variable: Variable]>,
): Record<string, HostTensor> {
  const tensors = Array.from(variables, ([name, variable]) => {
    return [name, { shape: variable.shape, data: device.read(variable) }] as const;
  });
  return Object.fromEntries(tensors);
}

/** @returns A variable that no training changes. */
export function variableOf({ shape, data }: HostTensor): Variable {
  return tf.tidy(() => tf.variable(tf.tensor(data, [...shape]), false));
}

/** @throws {ShapeError} When the number of values is not the variable's. */
export function checkSize(variable: Variable, values: Adoptable): void {
  const size = isRows(values) ? values.count * values.dims : values.length;
  if (size === variable.size) return;
  throw new ShapeError(`variable ${variable.name}: expected ${variable.size} values, got ${size}`);
}

export function isRows(values: Adoptable): values is RowSource {
  return !ArrayBuffer.isView(values);
}

export function valuesOf(values: Adoptable): Values {
  return isRows(values) ? values.slice(0, values.count) : values;
}

/** @param values - Numbers of a float32 variable. */
export function rowsOf({ shape }: Variable, values: Adoptable): RowSource {
  return isRows(values) ? values : new Rows(values as Float32Array, shape.at(-1)!);
}
