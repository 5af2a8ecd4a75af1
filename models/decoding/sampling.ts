/**
 * Sampling whole semantic IDs without replacement: the ranking that makes a beam search stochastic.
 *
 * Source: Kool, van Hoof & Welling (2019), "Stochastic Beams and Where to Find Them", algorithm 1 and appendix B.3.
 */
import { createRandom } from '../random';
import { type Continuations, type Hypothesis, type Ranking, logSumExp } from './beam-search';

/**
 * Ranks by perturbed log-probability, each level's logits divided by the temperature and normalised over the codes that
 * qualify. Then the first k items found are k draws without replacement, in the order drawn; their scores stay the
 * untempered log-probabilities. As the temperature falls the noise vanishes, and the search is a plain one over the
 * divided logits.
 *
 * A ranking serves one search: it draws on as the search goes on.
 *
 * @param temperature - Above 0; 1 draws from the model's own distribution, more is more diverse.
 * @param seed - The same seed, logits and trie give the same items, whoever else is in the batch.
 * @throws {RangeError} When the temperature is not a positive number.
 */
export function gumbelRanking(temperature: number, seed: number): Ranking {
  if (!(temperature > 0 && temperature < Infinity)) {
    throw new RangeError(`temperature: expected a number above 0, got ${temperature}`);
  }
  const random = createRandom(seed);
  return {
    rank(parent, continuations) {
      temper(parent, continuations, temperature);
      const { n, masses, priorities } = continuations;
      for (let i = 0; i < n; i++) priorities[i] = masses[i] - Math.log(-Math.log(positive(random.next())));
      // At the root the first draw's maximum is free; below, the children's maximum must be what their parent was kept for.
      if (parent.codes.length > 0) conditionOnMaximum(priorities, n, parent.priority);
    },
  };
}

/** Fills in the log-probability of each continuation under the tempered distribution over whole prefixes. */
function temper(parent: Hypothesis, { n, codes, logits, masses }: Continuations, temperature: number): void {
  for (let i = 0; i < n; i++) masses[i] = logits[codes[i]] / temperature;
  const norm = logSumExp(masses, n);
  for (let i = 0; i < n; i++) masses[i] += parent.mass - norm;
}

/** Shifts perturbed values so that their maximum is as given, keeping their order: numerically stable form of B.3. */
function conditionOnMaximum(values: Float64Array, n: number, maximum: number): void {
  let largest = -Infinity;
  for (let i = 0; i < n; i++) if (values[i] > largest) largest = values[i];
  for (let i = 0; i < n; i++) {
    const v = maximum - values[i] + log1mexp(values[i] - largest);
    values[i] = maximum - Math.max(0, v) - Math.log1p(Math.exp(-Math.abs(v)));
  }
}

/** log(1 − exp(x)) for x ≤ 0. */
function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** The generator may give 0, whose logarithm is not finite. */
function positive(uniform: number): number {
  return uniform > 0 ? uniform : 2 ** -33;
}
