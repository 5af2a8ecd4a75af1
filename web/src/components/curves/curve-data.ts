/** Points of curves: stored ones joined with those that arrived since, smoothed, and laid side by side for one chart. */
export interface Point {
  readonly step: number;
  readonly value: number;
}

export interface Curve {
  readonly id: string;
  readonly label: string;
  /** Its place among the colours; absent: its place among the curves. */
  readonly color?: number;
  readonly points: readonly Point[];
}

/** @returns All points in the order of their steps; of two at one step the later list's. */
export function joinPoints(stored: readonly Point[], live: readonly Point[]): Point[] {
  const points = new Map([...stored, ...live].map((point) => [point.step, point]));
  return [...points.values()].sort((one, other) => one.step - other.step);
}

/**
 * The exponential moving average that begins without a pull towards 0: each mean is divided by the sum of its weights.
 *
 * @param smoothing - 0: none; towards 1: more.
 */
export function smooth(points: readonly Point[], smoothing: number): Point[] {
  let mean = 0;
  let weight = 0;
  return points.map(({ step, value }) => {
    mean = smoothing * mean + (1 - smoothing) * value;
    weight = smoothing * weight + (1 - smoothing);
    return { step, value: mean / weight };
  });
}

/** @returns The steps of all curves as one axis, then one row of values a curve; null where a curve has no value. */
export function alignCurves(curves: readonly Curve[]): [number[], ...(number | null)[][]] {
  const steps = [...new Set(curves.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
  const rows = curves.map(({ points }) => {
    const values = new Map(points.map(({ step, value }) => [step, value]));
    return steps.map((step) => values.get(step) ?? null);
  });
  return [steps, ...rows];
}
