/** Points of curves: stored ones joined with those that arrived since, smoothed, and laid side by side for one chart. */
export interface Point {
  readonly step: number;
  readonly value: number;
}

export interface Curve {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
}

/** As many steps as a wide chart has room for; with more of them each picture takes longer and shows no more. */
const MOST_STEPS = 1_000;

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

export interface View {
  readonly min: number;
  readonly max: number;
}

/**
 * Lays curves over one axis. Curves of many different steps are read at even distances, between two of their points on the
 * straight line from one to the other.
 *
 * @param view - What is enlarged: it is read at shorter distances.
 * @returns The steps of the axis, then one row of values a curve; null where a curve has no value.
 */
export function alignCurves(curves: readonly Curve[], view: View | null = null): [number[], ...(number | null)[][]] {
  const steps = [...new Set(curves.flatMap(({ points }) => points.map(({ step }) => step)))].sort((a, b) => a - b);
  if (steps.length > MOST_STEPS) {
    const all = evenSteps({ min: steps[0], max: steps[steps.length - 1] }, MOST_STEPS);
    const axis = view === null ? all : [...all.filter((step) => !isIn(view, step)), ...evenSteps(view, MOST_STEPS)];
    axis.sort((a, b) => a - b);
    return [axis, ...curves.map(({ points }) => valuesAt(points, axis))];
  }
  const rows = curves.map(({ points }) => {
    const values = new Map(points.map(({ step, value }) => [step, value]));
    return steps.map((step) => values.get(step) ?? null);
  });
  return [steps, ...rows];
}

function isIn({ min, max }: View, step: number): boolean {
  return step >= min && step <= max;
}

function evenSteps({ min, max }: View, most: number): number[] {
  return Array.from({ length: most }, (_, index) => min + ((max - min) * index) / (most - 1));
}

/** @param points - In the order of their steps. @param axis - Ascending. */
function valuesAt(points: readonly Point[], axis: readonly number[]): (number | null)[] {
  let next = 0;
  return axis.map((step) => {
    while (next < points.length && points[next].step < step) next += 1;
    if (next === points.length) return null;
    const [before, after] = [points[next - 1], points[next]];
    if (after.step === step) return after.value;
    if (before === undefined) return null;
    const share = (step - before.step) / (after.step - before.step);
    return before.value + share * (after.value - before.value);
  });
}
