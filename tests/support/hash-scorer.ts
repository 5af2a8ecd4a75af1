/** A stand-in for the model: logits that depend on the user and the whole prefix, as a decoder's do, and on nothing else. */
import type { StepRows, StepScorer } from '../../models/decoding/beam-search';
import { createRandom } from '../../models/math/random';

export class HashScorer implements StepScorer {
  /** The rows of each step, for checks of their shapes. */
  readonly steps: StepRows[] = [];
  private prefixes: number[][] = [];
  /** Earlier answers, by seed: a test asks the same thousands of times. */
  private readonly known = new Map<number, Float32Array>();

  constructor(
    private readonly codebookSize: number,
    private readonly users: readonly number[],
    private readonly scale = 1,
  ) {}

  step(level: number, rows: StepRows): Promise<Float32Array> {
    this.steps.push(rows);
    if (level === 0) this.prefixes = Array.from(rows.parents, (u) => [this.users[u]]);
    else this.prefixes = Array.from(rows.parents, (parent, r) => [...this.prefixes[parent], rows.codes[r]]);
    const logits = new Float32Array(this.prefixes.length * this.codebookSize);
    this.prefixes.forEach(([user, ...codes], r) => logits.set(this.logits(user, codes), r * this.codebookSize));
    return Promise.resolve(logits);
  }

  /** @returns Normal with deviation 2, times the scale. */
  logits(user: number, prefix: readonly number[]): Float32Array {
    const seed = prefix.reduce((hash, code) => Math.imul(hash, 31) + code + 1, user + 1);
    let logits = this.known.get(seed);
    if (logits === undefined) {
      const random = createRandom(seed);
      logits = Float32Array.from({ length: this.codebookSize }, () => 2 * this.scale * random.normal());
      this.known.set(seed, logits);
    }
    return logits;
  }
}
