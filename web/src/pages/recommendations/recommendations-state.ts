/** State of the recommendations page in its address: for whom the lists are and how they are made. */
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

export interface Settings {
  /** The global ID of the model version that makes it; empty: the active one. */
  readonly version: string;
  /** 0: beam search. */
  readonly temperature: number;
  readonly seed: number;
  /** 0: as many as suit. */
  readonly beam: number;
  readonly cold: number;
  /** Whether items that the user has may come again; empty: as usual in this shop. */
  readonly seen: '' | 'keep' | 'leave';
  readonly category: string;
  /** Wishes in words, such as `outdoor, no glass`. */
  readonly steer: string;
  readonly min: number | null;
  readonly max: number | null;
}

/** A user or a history that a list is for. */
export type Subject =
  | { readonly kind: 'user'; readonly externalId: string }
  | { readonly kind: 'history'; readonly history: readonly string[] };

/** @returns Whom a list is for, as the query takes it. */
export function variablesOf(subject: Subject): { readonly user?: string; readonly history?: string[] } {
  return subject.kind === 'user' ? { user: subject.externalId } : { history: [...subject.history] };
}

/** The same under the names of the second list's settings. */
type Second<T> = { readonly [Name in keyof T as `b${Name & string}`]: T[Name] };

export interface RecommendationsState extends Settings, Second<Settings> {
  readonly for: 'user' | 'history';
  readonly user: string;
  readonly history: readonly string[];
  readonly compare: boolean;
  /** The external ID of the item that is explained. */
  readonly why: string;
  /** Whether the first item is explained as long as no other was chosen. */
  readonly whyFirst: boolean;
}

const SETTINGS: UrlShape<Settings> = {
  version: textValue,
  temperature: numberOr(0),
  seed: numberOr(1),
  beam: numberOr(0),
  cold: numberOr(0),
  seen: oneOf(['', 'keep', 'leave'], ''),
  category: textValue,
  steer: textValue,
  min: numberValue,
  max: numberValue,
};
const NAMES = Object.keys(SETTINGS) as (keyof Settings)[];

/** How a list is made when nothing was chosen. */
export const USUAL = settingsFrom((name) => SETTINGS[name].read(null));

export const RECOMMENDATIONS_STATE: UrlShape<RecommendationsState> = {
  for: oneOf(['user', 'history'], 'user'),
  user: textValue,
  history: listValue,
  compare: flagValue,
  why: textValue,
  whyFirst: flagValue,
  ...SETTINGS,
  ...asSecond(SETTINGS),
};

function settingsFrom(valueOf: (name: keyof Settings) => unknown): Settings {
  return Object.fromEntries(NAMES.map((name) => [name, valueOf(name)])) as unknown as Settings;
}

/** @returns Null while nobody is chosen. */
export function subjectOf({ for: kind, user, history }: RecommendationsState): Subject | null {
  if (kind === 'user') return user === '' ? null : { kind, externalId: user };
  return history.length === 0 ? null : { kind, history };
}

export function secondSettings(state: RecommendationsState): Settings {
  return settingsFrom((name) => state[`b${name}`]);
}

export function asSecond<T extends object>(values: T): Second<T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`b${name}`, value])) as Second<T>;
}

export function optionsOf({
  version,
  temperature,
  seed,
  beam,
  cold,
  seen,
  category,
  steer,
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
    ...(seen !== '' && { includeSeen: seen === 'keep' }),
    ...(steer.trim() !== '' && { steer: steer.trim() }),
    ...(Object.keys(filter).length > 0 && { filter }),
  };
}
