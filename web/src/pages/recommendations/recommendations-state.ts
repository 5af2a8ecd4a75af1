/** Whom the lists are for and how they are made, as the page's address says it. */
import {
  flagValue,
  listValue,
  numberOr,
  numberValue,
  oneOf,
  textValue,
  type UrlShape,
} from '../../components/url-state/use-url-state';
import type { RecommendationOptions } from '../../graphql/graphql';

/** How a list is made. */
export interface Settings {
  /** The global ID of the model version that makes it; empty: the active one. */
  readonly version: string;
  /** 0: beam search. */
  readonly temperature: number;
  readonly seed: number;
  /** 0: as many as suit. */
  readonly beam: number;
  readonly cold: number;
  readonly seen: boolean;
  readonly category: string;
  readonly min: number | null;
  readonly max: number | null;
}

/** Whom a list is for. */
export type Subject =
  | { readonly kind: 'user'; readonly externalId: string }
  | { readonly kind: 'history'; readonly history: readonly string[] };

/** `b…` are the settings of the second list. */
export interface RecommendationsState extends Settings {
  readonly for: 'user' | 'history';
  readonly user: string;
  readonly history: readonly string[];
  readonly compare: boolean;
  /** The external ID of the item that is explained. */
  readonly why: string;
  readonly bversion: string;
  readonly btemperature: number;
  readonly bseed: number;
  readonly bbeam: number;
  readonly bcold: number;
  readonly bseen: boolean;
  readonly bcategory: string;
  readonly bmin: number | null;
  readonly bmax: number | null;
}

/** Up to 200 IDs. */
export const RECOMMENDATIONS_LONG: readonly string[] = ['history'];

export const RECOMMENDATIONS_STATE: UrlShape<RecommendationsState> = {
  for: oneOf(['user', 'history'], 'user'),
  user: textValue,
  history: listValue,
  compare: flagValue,
  why: textValue,
  version: textValue,
  temperature: numberOr(0),
  seed: numberOr(1),
  beam: numberOr(0),
  cold: numberOr(0),
  seen: flagValue,
  category: textValue,
  min: numberValue,
  max: numberValue,
  btemperature: numberOr(0),
  bseed: numberOr(1),
  bbeam: numberOr(0),
  bcold: numberOr(0),
  bseen: flagValue,
  bcategory: textValue,
  bmin: numberValue,
  bmax: numberValue,
  bversion: textValue,
};

/** @returns Null while nobody is chosen. */
export function subjectOf({ for: kind, user, history }: RecommendationsState): Subject | null {
  if (kind === 'user') return user === '' ? null : { kind, externalId: user };
  return history.length === 0 ? null : { kind, history };
}

export function secondSettings(state: RecommendationsState): Settings {
  return {
    version: state.bversion,
    temperature: state.btemperature,
    seed: state.bseed,
    beam: state.bbeam,
    cold: state.bcold,
    seen: state.bseen,
    category: state.bcategory,
    min: state.bmin,
    max: state.bmax,
  };
}

/** @returns The same changes, of the second list. */
export function asSecond(changes: Partial<Settings>): Partial<RecommendationsState> {
  return Object.fromEntries(Object.entries(changes).map(([name, value]) => [`b${name}`, value]));
}

export function optionsOf({
  version,
  temperature,
  seed,
  beam,
  cold,
  seen,
  category,
  min,
  max,
}: Settings): RecommendationOptions {
  const filter = {
    ...(category.trim() !== '' && { categories: [category.trim()] }),
    ...(min !== null && { minPrice: min }),
    ...(max !== null && { maxPrice: max }),
  };
  return {
    ...(version !== '' && { modelVersion: version }),
    ...(temperature > 0 && { temperature, seed }),
    ...(beam > 0 && { beamWidth: beam }),
    ...(cold > 0 && { coldStartShare: cold }),
    ...(seen && { includeSeen: true }),
    ...(Object.keys(filter).length > 0 && { filter }),
  };
}
