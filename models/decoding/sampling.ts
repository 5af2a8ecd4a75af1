/**
 * Sampling whole semantic IDs without replacement: the ranking that makes a beam search stochastic.
 *
 * Source: Kool, van Hoof & Welling (2019), "Stochastic Beams and Where to Find Them", algorithm 1 and appendix B.3.
 */
import { logSumExp } from '../math/probability';
import { createRandom } from '../math/random';
import type { Continuations, Hypothesis, Ranking } from './beam-search';

/**
 * Ranks by perturbed log-probability, each level's log-probabilities divided by its temperature and normalised over the codes that
 * qualify. With one temperature for all levels the first k items found are k draws without replacement, in the order drawn;
 * their scores stay the untempered log-probabilities. As that temperature falls the noise vanishes.
 *
 * A level of temperature 0 adds its log-probabilities without noise, as a plain search does. The logarithms and noise of a level
 * are multiplied by its temperature, so that levels of different temperatures can be added.
 *
 * A ranking is for one search only, since it holds the state of the generator.
 *
 * @param temperatures - One per level, 0 or above; 1 draws from the model's own distribution, a higher one is more diverse.
 * @param seed - Equal seeds, logits and tries give equal items, whatever else is in the batch.
 */
export function gumbelRanking(temperatures: readonly number[], seed: number): Ranking {
  const random = createRandom(seed);
  const firstDrawn = temperatures.findIndex((temperature) => temperature > 0);
  return {
    rank(parent, continuations) {
      const level = parent.codes.length;
      const temperature = temperatures[level];
      if (temperature === 0) return addLogProbabilities(parent, continuations);
      temper(parent, continuations, temperature);
      const { n, temperedScores, priorities } = continuations;
      for (let i = 0; i < n; i++)
        priorities[i] = temperedScores[i] - temperature * Math.log(-Math.log(positive(random.next())));
      // The maximum is free at the first sampled level. At later levels the children's maximum must be their parent's priority.
      if (level > firstDrawn) conditionOnMaximum(priorities.subarray(0, n), parent.priority, temperature);
    },
  };
}

function addLogProbabilities(
  parent: Hypothesis,
  { n, logProbabilities, temperedScores, priorities }: Continuations,
): void {
  for (let i = 0; i < n; i++) {
    temperedScores[i] = parent.temperedScore + logProbabilities[i];
    priorities[i] = parent.priority + logProbabilities[i];
  }
}

/** Fills in the log-probability of each continuation under the tempered distribution, in units of the temperature. */
function temper(parent: Hypothesis, { n, logProbabilities, temperedScores }: Continuations, temperature: number): void {
  for (let i = 0; i < n; i++) temperedScores[i] = logProbabilities[i] / temperature;
  const norm = logSumExp(temperedScores, n);
  for (let i = 0; i < n; i++) temperedScores[i] = parent.temperedScore + temperature * (temperedScores[i] - norm);
}

/** Shifts perturbed values so that their maximum is as given, keeping their order: numerically stable form of B.3. */
function conditionOnMaximum(values: Float64Array, maximum: number, temperature: number): void {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  for (let i = 0; i < values.length; i++) {
    const v = (maximum - values[i]) / temperature + log1mexp((values[i] - largest) / temperature);
    values[i] = maximum - temperature * (Math.max(0, v) + Math.log1p(Math.exp(-Math.abs(v))));
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
