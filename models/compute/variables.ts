/** Values of variables while a device works with them outside tfjs. */
import type { Variable } from '@tensorflow/tfjs';

import type { HostTensor } from './device';
import { ShapeError } from './errors';

type Values = HostTensor['data'];

interface Slot {
  present: Values;
  /** tfjs's mark of the value taken over: another one means that somebody has assigned to the variable since. */
  readonly dataId: object;
}

/** Takes over each variable's value from tfjs when it is first asked for; from then on it is the store's. */
export class VariableStore {
  readonly #slots = new WeakMap<Variable, Slot>();

  /** @returns The present values themselves, not to be written to. */
  present(variable: Variable): Values {
    return this.#slot(variable).present;
  }

  /** @param values - As many as before; the store keeps the array. */
  replace(variable: Variable, values: Values): void {
    this.#slot(variable).present = values;
  }

  read(variable: Variable): Values {
    return this.present(variable).slice();
  }

  /** @throws {ShapeError} When the number of values is not the variable's. */
  write(variable: Variable, values: Values): void {
    checkSize(variable, values);
    this.replace(variable, values.slice());
  }

  #slot(variable: Variable): Slot {
    const known = this.#slots.get(variable);
    if (known && known.dataId === variable.dataId) return known;
    const slot = { present: variable.dataSync<'float32' | 'int32'>().slice(), dataId: variable.dataId };
    this.#slots.set(variable, slot);
    return slot;
  }
}

/** @throws {ShapeError} When the number of values is not the variable's. */
export function checkSize(variable: Variable, values: Values): void {
  if (values.length === variable.size) return;
  throw new ShapeError(`variable ${variable.name}: expected ${variable.size} values, got ${values.length}`);
}
