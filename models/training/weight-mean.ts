/**
 * The mean of the weights at the ends of several epochs. It does not depend on the chance by which one epoch looks best on
 * validation, and it serves both heads, which are at their best in different epochs: see docs/choices.md.
 *
 * Source: Izmailov et al. (2018), stochastic weight averaging. Left out: their constant learning rate; ours falls to zero at the end.
 */
import type { HostTensor, HostTensors } from '../compute/device';

const PREFIX = 'mean/';

export class WeightMean {
  private means = new Map<string, HostTensor>();

  /**
   * @param weights - By name.
   * @param count - How many sets of weights the mean has with these.
   */
  add(weights: HostTensors, count: number): void {
    for (const [name, { shape, data }] of Object.entries(weights)) {
      const before = this.means.get(name)?.data ?? new Float32Array(data.length);
      this.means.set(name, { shape, data: Float32Array.from(data, (x, i) => before[i] + (x - before[i]) / count) });
    }
  }

  /** @returns Null before the first `add`. */
  get(name: string): HostTensor | null {
    return this.means.get(name) ?? null;
  }

  /** @returns The mean by name, for a saved state. */
  toTensors(): HostTensors {
    return Object.fromEntries(Array.from(this.means, ([name, mean]) => [PREFIX + name, mean]));
  }

  /** @param tensors - Those of a saved state, with others among them. */
  static fromTensors(tensors: HostTensors): WeightMean {
    const mean = new WeightMean();
    for (const [name, tensor] of Object.entries(tensors))
      if (name.startsWith(PREFIX)) mean.means.set(name.slice(PREFIX.length), tensor);
    return mean;
  }
}
