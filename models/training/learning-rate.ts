/** How the learning rate changes over a training. */
import type { TrainingConfig } from '../config';

/**
 * Rises linearly, stays, and falls linearly to zero at the last step.
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
  const falling = Math.max(1, cooldown * (totalSteps - rising));
  return learningRate * Math.min(step / rising, 1, (totalSteps - step) / falling);
}

type RateConfig = Pick<TrainingConfig, 'learningRate' | 'warmup'> & Partial<Pick<TrainingConfig, 'cooldown'>>;
