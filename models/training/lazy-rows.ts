/**
 * A large table of which each step moves a few rows. They are copied into a small variable that stands for the table in the step, and
 * back with their moments: so a step's time and memory do not depend on how many rows there are.
 *
 * A row that no step read has had no gradient, but AdamW moves it all the same, by its moments and its decay. A row makes up for the steps
 * that it missed when it is next read, so the table learns as if all rows had been moved in each step.
 */
import type { Variable } from '@tensorflow/tfjs-core';

import type { Device, HostTensor, HostTensors } from '../compute/device';
import { BETA1, BETA2, stepFactors } from './adamw';

/** Momentum of more steps ago has faded to less than a millionth. */
const MOST_STEPS = 150;
/** Moments below this share of what they were become 0. */
const FADED = 1e-12;

export interface LazyTable {
  readonly device: Device;
  /** float32 `[N, D]`. */
  readonly table: Variable;
  /** float32 `[W, D]`. */
  readonly window: Variable;
  /** AdamW's moments of the window. */
  readonly moments: readonly [first: Variable, second: Variable];
  readonly weightDecay: number;
  /** The learning rate of each step, counted from 1. */
  readonly rateAt: (step: number) => number;
}

/** The numbers of some rows, one row after another: their vectors, and AdamW's moments of them. */
interface Numbers {
  readonly vectors: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export class LazyRows {
  private numbers: Numbers;
  /** The window before a step: the device keeps it until the step has made another. */
  private readonly loaded: Numbers;
  private readonly size: number;
  /** The step after which each row is as it should be. */
  private readonly movedAt: Int32Array;
  private readonly missed: MissedSteps;

  constructor(private readonly lazy: LazyTable) {
    const { device, table, window } = lazy;
    // Filled, so that a system with too little memory says so now, and not in the middle of the training.
    const zeros = ({ size }: Variable) => new Float32Array(size).fill(0);
    this.numbers = { vectors: device.read(table) as Float32Array, first: zeros(table), second: zeros(table) };
    this.loaded = { vectors: zeros(window), first: zeros(window), second: zeros(window) };
    this.size = table.shape[1]!;
    this.movedAt = new Int32Array(table.shape[0]);
    this.missed = new MissedSteps(lazy);
    this.publish();
  }

  /** The whole table, as it was at the last `catchUp`; the next step changes it. */
  get values(): HostTensor {
    return { shape: this.lazy.table.shape, data: this.numbers.vectors };
  }

  /** Fills the window with some rows, as they are before the step. */
  load(rows: Int32Array, step: number): void {
    const { device, window, moments } = this.lazy;
    const { loaded } = this;
    rows.forEach((row, place) => this.move(row, step - 1, loaded, place));
    device.write(window, loaded.vectors);
    device.write(moments[0], loaded.first);
    device.write(moments[1], loaded.second);
  }

  /** Takes the rows back, as the step has left them. */
  store(rows: Int32Array, step: number): void {
    const { device, window, moments } = this.lazy;
    const present = (variable: Variable) => device.rows(variable).slice(0, variable.shape[0]);
    this.storeInto(this.numbers.vectors, rows, present(window));
    this.storeInto(this.numbers.first, rows, present(moments[0]));
    this.storeInto(this.numbers.second, rows, present(moments[1]));
    for (const row of rows) this.movedAt[row] = step;
  }

  /** Brings all rows to where they are after the step, and gives them to the device. */
  catchUp(step: number): void {
    for (let row = 0; row < this.movedAt.length; row++) this.move(row, step, this.numbers, row);
    this.movedAt.fill(step);
    this.publish();
  }

  /** Puts other values into the table; its moments stay. */
  replace({ data }: HostTensor): void {
    this.numbers.vectors.set(data);
    this.publish();
  }

  /** For a saved state. The next step changes the arrays. */
  toTensors(): HostTensors {
    const { numbers, movedAt } = this;
    const tensors = Object.entries(numbers).map(([name, data]: [string, Float32Array]) => [
      `rows/${name}`,
      { shape: this.lazy.table.shape, data },
    ]);
    return { ...Object.fromEntries(tensors), 'rows/movedAt': { shape: [movedAt.length], data: movedAt } };
  }

  /** @param tensors - Of a saved state; the next step changes the arrays. */
  restore(tensors: HostTensors): void {
    const numbersOf = (name: string) => tensors[`rows/${name}`].data as Float32Array;
    this.numbers = { vectors: numbersOf('vectors'), first: numbersOf('first'), second: numbersOf('second') };
    this.movedAt.set(tensors['rows/movedAt'].data);
    this.publish();
  }

  private publish(): void {
    this.lazy.device.write(this.lazy.table, this.numbers.vectors);
  }

  /** Makes the updates without a gradient that AdamW makes of a row until a step, and writes the row at a place of other rows. */
  private move(row: number, step: number, to: Numbers, place: number): void {
    const { vectors, first, second } = this.numbers;
    const { keep, pull, epsilon, ofFirst, ofSecond } = this.missed.between(this.movedAt[row], step);
    const at = place * this.size;
    for (let i = row * this.size, d = 0; d < this.size; i++, d++) {
      to.vectors[at + d] = keep * vectors[i] - (pull * first[i]) / (Math.sqrt(second[i]) + epsilon);
      to.first[at + d] = first[i] * ofFirst;
      to.second[at + d] = second[i] * ofSecond;
    }
  }

  private storeInto(table: Float32Array, rows: Int32Array, moved: Float32Array): void {
    for (let place = 0, at = 0; place < rows.length; place++)
      for (let i = rows[place] * this.size, d = 0; d < this.size; i++, d++) table[i] = moved[at++];
  }
}

/** The factors of several steps without a gradient. */
interface Missed {
  readonly keep: number;
  readonly pull: number;
  readonly epsilon: number;
  readonly ofFirst: number;
  readonly ofSecond: number;
}

/**
 * Sums over steps without a gradient. In each of them M ← β₁M, V ← β₂V and w ← keep·w − size·M / (√V + ε), with the factors of
 * `createAdamW`; the changes of the first steps are all that counts, so ε is taken to fall as √V does.
 */
class MissedSteps {
  /** Product of all factors `keep` up to each step. */
  private readonly kept = [1];
  /** The size of each step over that product, since later steps decay what it changes. */
  private readonly sizes = [0];
  /** Results that end at step `to`, by the step that they begin at. */
  private readonly known = new Map<number, Missed>();
  private to = 0;

  constructor(private readonly lazy: Pick<LazyTable, 'weightDecay' | 'rateAt'>) {}

  between(from: number, to: number): Missed {
    if (to !== this.to) this.known.clear();
    this.to = to;
    const missed = this.known.get(from) ?? this.sums(from, to);
    this.known.set(from, missed);
    return missed;
  }

  private sums(from: number, to: number): Missed {
    for (let step = this.sizes.length; step <= to; step++) this.add(step);
    const ratio = BETA1 / Math.sqrt(BETA2);
    let pull = 0;
    for (let j = Math.min(to - from, MOST_STEPS); j >= 1; j--) pull = ratio * (pull + this.sizes[from + j]);
    const faded = (factor: number) => (factor < FADED ? 0 : factor);
    return {
      keep: this.kept[to] / this.kept[from],
      pull: this.kept[to] * pull,
      epsilon: stepFactors(0, from + 1).epsilon,
      ofFirst: faded(BETA1 ** (to - from)),
      ofSecond: faded(BETA2 ** (to - from)),
    };
  }

  private add(step: number): void {
    const rate = this.lazy.rateAt(step);
    this.kept.push(this.kept[step - 1] * (1 - rate * this.lazy.weightDecay));
    this.sizes.push(stepFactors(rate, step).size / this.kept[step]);
  }
}
