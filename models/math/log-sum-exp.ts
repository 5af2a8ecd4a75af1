/** log Σ exp of the first `n` values. */
export function logSumExp(values: Float64Array | Float32Array, n = values.length): number {
  let max = -Infinity;
  for (let i = 0; i < n; i++) if (values[i] > max) max = values[i];
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.exp(values[i] - max);
  return max + Math.log(sum);
}
