/** Sums of probabilities given by their logarithms, and the intervals of shares and means. */

/** log Σ exp of the first `n` values. */
export function logSumExp(values: Float64Array | Float32Array, n = values.length): number {
  let max = -Infinity;
  for (let i = 0; i < n; i++) if (values[i] > max) max = values[i];
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp(values[i] - max);
  return max + Math.log(sum);
}

const Z = 1.96;

/**
 * @param count - How many cases the share is a share of; 1 or more.
 * @returns A bound of Wilson's 95 % interval: the upper one for `sign` 1, the lower one for -1.
 */
export function wilsonBound(share: number, count: number, sign: 1 | -1): number {
  const spread = Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2));
  const bound = (share + Z ** 2 / (2 * count) + sign * spread) / (1 + Z ** 2 / count);
  return Math.min(1, Math.max(0, bound)); // a float may be a little beyond
}

/**
 * @param total - The sum of `count` values, and `squares` that of their squares.
 * @returns The 95 % interval of their mean, as if means were normally distributed.
 */
export function meanInterval(count: number, total: number, squares: number): { low: number; high: number } {
  const mean = total / count;
  const spread = Z * Math.sqrt(Math.max(0, squares / count - mean ** 2) / count);
  return { low: mean - spread, high: mean + spread };
}
