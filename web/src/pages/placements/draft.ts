/** A placement while it is edited: what is stored of it, in the form of the fields, and back. */
import { filterText } from '../../components/filter/filter-text';
import { formatDate, itemName, plural } from '../../components/format/format';
import type {
  ItemFilter,
  ItemNameFragment,
  PlacementDefinitionInput,
  PlacementFallback,
  PlacementOptionsInput,
  PlacementRuleInput,
  QuotaField,
  StateFactsFragment,
  TrendingWindow,
} from '../../graphql/graphql';

type PinnedItem = Pick<ItemNameFragment, 'id' | 'externalId' | 'title'> & Partial<ItemNameFragment>;

export type RuleAction =
  | { readonly kind: 'pin'; readonly item: PinnedItem; readonly place: number }
  | { readonly kind: 'boost'; readonly filter: ItemFilter; readonly factor: number }
  | { readonly kind: 'hide'; readonly filter: ItemFilter }
  | { readonly kind: 'atMost'; readonly of: QuotaField; readonly count: number }
  | { readonly kind: 'notShownFor'; readonly hours: number };

export interface DraftRule {
  readonly action: RuleAction;
  /** Null: from the beginning, and without end. */
  readonly from: string | null;
  readonly until: string | null;
}

export interface Draft {
  readonly title: string;
  /** Empty: it does not say. */
  readonly fallback: PlacementFallback | '';
  readonly window: TrendingWindow | '';
  /** The global ID of a model version; empty: the active one. */
  readonly modelVersion: string;
  readonly options: PlacementOptionsInput;
  readonly rules: readonly DraftRule[];
}

export const EMPTY: Draft = { title: '', fallback: '', window: '', modelVersion: '', options: {}, rules: [] };

/** @param state - Null: nothing is stored. A pin on an item that was deleted is left out. */
export function draftOf(state: StateFactsFragment | null | undefined): Draft {
  if (state == null) return EMPTY;
  return {
    title: state.title ?? '',
    fallback: state.fallback ?? '',
    window: state.window ?? '',
    modelVersion: state.modelVersion?.id ?? '',
    options: said(state.options ?? {}) as PlacementOptionsInput,
    rules: state.rules.flatMap(({ action, from, until }) => {
      const read = actionOf(action);
      return read === null ? [] : [{ action: read, from: from ?? null, until: until ?? null }];
    }),
  };
}

type StoredAction = StateFactsFragment['rules'][number]['action'];

function actionOf({ pin, boost, hide, atMost, notShownFor }: StoredAction): RuleAction | null {
  if (pin != null) return pin.item == null ? null : { kind: 'pin', item: pin.item, place: pin.place };
  if (boost != null) return { kind: 'boost', filter: said(boost.filter) as ItemFilter, factor: boost.factor };
  if (hide != null) return { kind: 'hide', filter: said(hide.filter) as ItemFilter };
  if (atMost != null) return { kind: 'atMost', of: atMost.of, count: atMost.count };
  return notShownFor == null ? null : { kind: 'notShownFor', hours: notShownFor.hours };
}

/** @returns What an answer says, without its nulls and the names of its types, as inputs take it. */
function said(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(said);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, part]) => part != null && name !== '__typename');
  return Object.fromEntries(entries.map(([name, part]) => [name, said(part)]));
}

export function definitionOf({
  title,
  fallback,
  window,
  modelVersion,
  options,
  rules,
}: Draft): PlacementDefinitionInput {
  return {
    ...(title.trim() !== '' && { title: title.trim() }),
    ...(fallback !== '' && { fallback }),
    ...(window !== '' && { window }),
    ...(modelVersion !== '' && { modelVersion }),
    ...(Object.keys(options).length > 0 && { options }),
    rules: rules.map(ruleInput),
  };
}

function ruleInput({ action, from, until }: DraftRule): PlacementRuleInput {
  const times = { ...(from !== null && { from }), ...(until !== null && { until }) };
  switch (action.kind) {
    case 'pin':
      return { ...times, action: { pin: { item: { externalId: action.item.externalId }, place: action.place } } };
    case 'boost':
      return { ...times, action: { boost: { filter: action.filter, factor: action.factor } } };
    case 'hide':
      return { ...times, action: { hide: { filter: action.filter } } };
    case 'atMost':
      return { ...times, action: { atMost: { of: action.of, count: action.count } } };
    case 'notShownFor':
      return { ...times, action: { notShownFor: { hours: action.hours } } };
  }
}

/** @returns Whether the rule says which items it is about. */
export function isWhole({ action }: DraftRule): boolean {
  return !('filter' in action) || filterText(action.filter) !== null;
}

export function isSame(one: Draft, other: Draft): boolean {
  return JSON.stringify(definitionOf(one)) === JSON.stringify(definitionOf(other));
}

const ALIKE: Readonly<Record<QuotaField, string>> = { BRAND: 'brand', CATEGORY: 'category', GROUP: 'group' };

/** @returns The rule in words, such as `Lamp at place 1, until 4 December`. */
export function ruleText({ action, from, until }: DraftRule): string {
  const times = [
    from === null ? '' : `, from ${formatDate(from)}`,
    until === null ? '' : `, until ${formatDate(lastMomentBefore(until))}`,
  ];
  return deedOf(action) + times.join('');
}

/** The end of a rule is the first moment after its last day. */
function lastMomentBefore(until: string): string {
  return new Date(Date.parse(until) - 1).toISOString();
}

function deedOf(action: RuleAction): string {
  switch (action.kind) {
    case 'pin':
      return `${itemName(action.item)} at place ${action.place}`;
    case 'boost':
      return `${action.factor < 1 ? 'Bury' : 'Boost'} × ${action.factor}: ${filterText(action.filter) ?? '…'}`;
    case 'hide':
      return `Hide ${filterText(action.filter) ?? '…'}`;
    case 'atMost':
      return `At most ${action.count} of one ${ALIKE[action.of]}`;
    case 'notShownFor':
      return `Not what was shown in the last ${plural(action.hours, 'hour')}`;
  }
}

/** @returns All that a placement says, a line each. */
export function linesOf(draft: Draft): readonly string[] {
  const { title, fallback, window, modelVersion, options, rules } = draft;
  const { filter, ...others } = options;
  return [
    ...(title === '' ? [] : [`Title “${title}”`]),
    ...(fallback === '' ? [] : [`Fallback ${fallback.toLowerCase()}`]),
    ...(window === '' ? [] : [`Trending of a ${window.toLowerCase()}`]),
    ...(modelVersion === '' ? [] : ['A model version of its own']),
    ...(filter == null ? [] : [`Only ${filterText(filter) ?? '…'}`]),
    ...Object.entries(others).map(([name, value]) => `${name} ${String(value)}`),
    ...rules.map(ruleText),
  ];
}

/** @returns The first place that no pin has yet. */
export function freePlace(rules: readonly DraftRule[]): number {
  const taken = rules.flatMap(({ action }) => (action.kind === 'pin' ? [action.place] : []));
  return Array.from({ length: taken.length + 1 }, (_, index) => index + 1).find((place) => !taken.includes(place))!;
}
