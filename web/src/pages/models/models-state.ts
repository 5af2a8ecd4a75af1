/** What the models page shows, as its address says it. */
import { flagValue, numberValue, type UrlShape } from '../../components/url-state/use-url-state';

export interface ModelsState {
  /** Number of the version at the left; null: the newest other one. */
  readonly a: number | null;
  /** Number of the version at the right; null: the active one, or another one where that stands at the left. */
  readonly b: number | null;
  /** Whether all figures are shown, those of the baselines and codebooks too. */
  readonly all: boolean;
}

export const MODELS_STATE: UrlShape<ModelsState> = { a: numberValue, b: numberValue, all: flagValue };
