/** How many epochs a training has: fewer where an epoch is long. */

/** Up to so many targets an epoch, a training has all the epochs of its preset. Amazon Beauty has 131,000. */
const MAX_FULL_TARGETS = 250_000;
/** A training keeps the mean of its second half of epochs, so it needs two. */
const MIN_EPOCHS = 2;

/**
 * epochs · √(250,000 / targets), rounded: four times as many interactions take twice the steps, not four times as many. The learning rate
 * and the mean of the weights follow the epochs, so they fit.
 *
 * @param epochs - Those of the preset.
 * @param targets - Items to predict in one epoch.
 * @returns From 2 to `epochs`; a preset with fewer has as many as it says.
 */
export function epochsFor(epochs: number, targets: number): number {
  const fewer = Math.round(epochs * Math.sqrt(MAX_FULL_TARGETS / Math.max(1, targets)));
  return Math.min(epochs, Math.max(MIN_EPOCHS, fewer));
}
