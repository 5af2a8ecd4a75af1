/** How the learning rate changes over a training. */
import type { TrainingConfig } from '../config';

/** Linear warm-up, then a cosine down to zero at the last step. */
export function scheduledRate(
  { learningRate, warmup }: Pick<TrainingConfig, 'learningRate' | 'warmup'>,
  step: number,
  totalSteps: number,
): number {
  const rising = Math.max(1, Math.round(warmup * totalSteps));
  if (step <= rising) return (learningRate * step) / rising;
  const progress = Math.min(1, (step - rising) / Math.max(1, totalSteps - rising));
  return (learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
}
