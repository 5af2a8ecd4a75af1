/** How much a training learns: fewer epochs, and one model alone, where an epoch is long. */

/** A training with at most so many targets an epoch has all epochs of its preset. Amazon Beauty has 131,000. */
const MAX_FULL_TARGETS = 1_000_000;
/** With more, a second model would take hours. */
const MAX_TARGETS_OF_TWO = 250_000;
/** A training keeps the mean of its second half of epochs, so it needs two. */
const MIN_EPOCHS = 2;

/**
 * epochs · √(1,000,000 / targets), rounded: four times as many interactions take twice as many steps, not four times as many. The
 * schedule of the learning rate and the mean of the weights depend on the number of epochs, so they fit.
 *
 * @param epochs - Those of the preset.
 * @param targets - Items to predict in one epoch.
 * @returns From 2 to `epochs`; a preset with fewer has as many as it says.
 */
export function epochsFor(epochs: number, targets: number): number {
  const fewer = Math.round(epochs * Math.sqrt(MAX_FULL_TARGETS / Math.max(1, targets)));
  return Math.min(epochs, Math.max(MIN_EPOCHS, fewer));
}

/** @returns Whether there is time for a second model: see `Seq2SeqConfig.secondModel`. */
export function hasTimeForTwo(targets: number): boolean {
  return targets <= MAX_TARGETS_OF_TWO;
}
