/** How the learning rate changes over a training. */
import type { TrainingConfig } from '../config';

/**
 * Rises linearly, stays, and falls linearly. The step after the last would be the first with rate zero, so the last one still learns.
 * A training that goes on after users were erased has fewer examples than it began with, and may have more steps than that: none unlearns.
 *
 * Source: Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations" (2024).
 *
 * @param cooldown - Absent in jobs of earlier versions: the rate falls from the end of the warm-up.
 */
export function scheduledRate(
  { learningRate, warmup, cooldown = 1 }: RateConfig,
  step: number,
  totalSteps: number,
): number {
  const rising = Math.max(1, Math.round(warmup * totalSteps));
  const falling = cooldown * (totalSteps - rising) + 1;
  const left = Math.max(0, totalSteps - step + 1);
  return learningRate * Math.min(step / rising, 1, left / falling);
}

type RateConfig = Pick<TrainingConfig, 'learningRate' | 'warmup'> & Partial<Pick<TrainingConfig, 'cooldown'>>;
