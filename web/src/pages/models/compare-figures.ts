/** Two model versions' figures beside each other. */
import type { Figure } from '../../components/quality/quality-figures';

export interface Difference {
  readonly value: number;
  /** Null when one of the two has no interval. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface ComparedFigure {
  readonly name: string;
  readonly a: Figure | null;
  readonly b: Figure | null;
  /** B less A; null when one has no such figure. */
  readonly difference: Difference | null;
}

/** The same figures as `baseline.…`, under the name that they had before. */
const FORMER_NAMES = /^floor\./;

export function withoutFormerNames<F extends Figure>(figures: readonly F[]): readonly F[] {
  return figures.filter(({ name }) => !FORMER_NAMES.test(name));
}

/** @returns One row a name that one of the two has, in the order of A, then of B. */
export function compareFigures(a: readonly Figure[], b: readonly Figure[]): readonly ComparedFigure[] {
  const [ofA, ofB] = [a, b].map(
    (figures) => new Map(withoutFormerNames(figures).map((figure) => [figure.name, figure])),
  );
  return [...new Set([...ofA.keys(), ...ofB.keys()])].map((name) => {
    const [one, other] = [ofA.get(name) ?? null, ofB.get(name) ?? null];
    return { name, a: one, b: other, difference: one && other && differenceOf(one, other) };
  });
}

/**
 * B less A. The squares of the two intervals' halves add up, as for measurements on different users; on the same users the
 * true interval is narrower.
 */
function differenceOf(a: Figure, b: Figure): Difference {
  const value = b.value - a.value;
  if (a.low == null || a.high == null || b.low == null || b.high == null) return { value, low: null, high: null };
  return {
    value,
    low: value - Math.hypot(b.value - b.low, a.high - a.value),
    high: value + Math.hypot(b.high - b.value, a.value - a.low),
  };
}

export type Verdict = 'higher' | 'lower' | 'unclear';

/** @returns What the interval allows to say of B. */
export function verdictOf({ low, high }: Difference): Verdict {
  if (low === null || high === null) return 'unclear';
  if (low > 0) return 'higher';
  return high < 0 ? 'lower' : 'unclear';
}
