import type { Figure } from '../../components/quality/quality-figures';
import { flagValue, numberValue, type UrlShape } from '../../components/url-state/use-url-state';
import type { ModelRowFragment } from '../../graphql/graphql';

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

/** @returns One row a name that one of the two has, in the order of A, then of B. */
export function compareFigures(a: readonly Figure[], b: readonly Figure[]): readonly ComparedFigure[] {
  const [ofA, ofB] = [a, b].map((figures) => new Map(figures.map((figure) => [figure.name, figure])));
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

/**
 * Which two versions stand beside each other: those that are asked for; else the active one at the right, and the newest other one.
 *
 * @param known - Newest first.
 */
export function comparedModels<M extends Pick<ModelRowFragment, 'id' | 'number'>>(
  known: readonly M[],
  activeId: string | undefined,
  asked: Pick<ModelsState, 'a' | 'b'>,
): { readonly a: M | null; readonly b: M } {
  const byNumber = (number: number | null) => known.find((model) => model.number === number);
  const left = byNumber(asked.a);
  const active = known.find(({ id }) => id === activeId);
  const b = byNumber(asked.b) ?? [active, ...known].find((model) => model && model !== left) ?? known[0];
  return { a: [left, ...known].find((model) => model && model !== b) ?? null, b };
}

export interface ModelsState {
  /** Number of the version at the left; null: the newest other one. */
  readonly a: number | null;
  /** Number of the version at the right; null: the active one, or another one where that stands at the left. */
  readonly b: number | null;
  /** Whether all figures are shown, those of the baselines and codebooks too. */
  readonly all: boolean;
}

export const MODELS_STATE: UrlShape<ModelsState> = { a: numberValue, b: numberValue, all: flagValue };
