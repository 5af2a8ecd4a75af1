/** Values of variables while a device works with them outside tfjs. */
import type { Variable } from '@tensorflow/tfjs';

import type { HostTensor } from './device';
import { ShapeError } from './errors';

type Values = HostTensor['data'];

interface Slot {
  /** What the variable is now. */
  present: Values;
  /** Where a run writes what it will be next. */
  next: Values;
  /** tfjs's mark of the value taken over: another one means that somebody has assigned to the variable since. */
  dataId: object;
}

/**
 * Holds each variable twice, so that a run can write the next value while it reads the present one, and nothing has to
 * be copied between runs.
 */
export class VariableStore {
  readonly #slots = new WeakMap<Variable, Slot>();

  /** @returns The present values themselves: good until the next run. */
  present(variable: Variable): Values {
    return this.#slot(variable).present;
  }

  /** @returns The array that becomes the present one at `advance`. */
  next(variable: Variable): Values {
    return this.#slot(variable).next;
  }

  /** Makes what a run has written the present value. */
  advance(variable: Variable): void {
    const slot = this.#slot(variable);
    [slot.present, slot.next] = [slot.next, slot.present];
  }

  read(variable: Variable): Values {
    return this.present(variable).slice();
  }

  /** @throws {ShapeError} When the number of values is not the variable's. */
  write(variable: Variable, values: Values): void {
    checkSize(variable, values);
    this.present(variable).set(values);
  }

  #slot(variable: Variable): Slot {
    const known = this.#slots.get(variable);
    if (known && known.dataId === variable.dataId) return known;
    const present = variable.dataSync<'float32' | 'int32'>().slice();
    const slot = { present, next: present.slice(), dataId: variable.dataId };
    this.#slots.set(variable, slot);
    return slot;
  }
}

/** @throws {ShapeError} When the number of values is not the variable's. */
export function checkSize(variable: Variable, values: Values): void {
  if (values.length === variable.size) return;
  throw new ShapeError(`variable ${variable.name}: expected ${variable.size} values, got ${values.length}`);
}
