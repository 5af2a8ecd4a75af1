/** Says what placements ask of one list: how their options combine with those of the request, and which rules are in force now. */
import type { ItemFilterArgs } from '../../graphql/item/records';
import {
  type PlacementDefinition,
  type PlacementStateRecord,
  type RuleActionRecord,
  SHOP_WIDE,
} from '../../graphql/placement/records';
import type { RecommendationArgs } from '../../graphql/recommendation/records';
import type { ListFilter } from '../catalogue/item-lists';

type Action<K extends keyof RuleActionRecord> = NonNullable<RuleActionRecord[K]>;
/** A rule, and which one of the placement's it is. */
type Placed<K extends keyof RuleActionRecord> = Action<K> & { readonly position: number };

export type Pin = Placed<'pin'>;
export type Boost = Placed<'boost'>;
export type Quota = Action<'atMost'>;

/** The placement of a list as it is now, with the rules for all lists. */
export interface PlacementInForce {
  /** Null: nothing is stored of it. */
  readonly state: number | null;
  readonly definition: Partial<PlacementDefinition>;
  readonly hides: readonly ItemFilterArgs[];
  readonly pins: readonly Pin[];
  readonly boosts: readonly Boost[];
  readonly quotas: readonly Quota[];
  /** The most hours for which what was shown is left out; 0: it may come. */
  readonly notShownHours: number;
}

/** The rules of a definition, with those for all lists. */
type RulesInForce = Pick<PlacementInForce, 'hides' | 'pins' | 'boosts' | 'quotas' | 'notShownHours'>;
type Rule = PlacementDefinition['rules'][number];

/** @param states - Of the placement that the request names, and of the one that counts in all lists; absent where nothing is stored. */
export function placementInForce(
  { placement, draft }: Pick<RecommendationArgs, 'placement' | 'draft'>,
  states: ReadonlyMap<string, PlacementStateRecord>,
  now = Date.now(),
): PlacementInForce {
  const stored = placement == null ? undefined : states.get(placement);
  const isShopWide = placement === SHOP_WIDE;
  const own = draft ?? stored?.definition ?? null;
  const shopWide = isShopWide ? own : (states.get(SHOP_WIDE)?.definition ?? null);
  const definition: PlacementInForce['definition'] = isShopWide ? {} : (own ?? {});
  const rules = rulesInForce(definition.rules ?? NO_RULES, shopWide?.rules ?? NO_RULES, now);
  return { state: stored?.number ?? null, definition, ...rules };
}

const NO_RULES: readonly Rule[] = [];

interface Known {
  readonly shopWide: readonly Rule[];
  /** Until a rule begins or ends. */
  readonly until: number;
  readonly rules: RulesInForce;
}

/** Rules that were read are the same objects at each request: see `placementState`. */
const known = new WeakMap<readonly Rule[], Known>();

function rulesInForce(own: readonly Rule[], shopWide: readonly Rule[], now: number): RulesInForce {
  const former = known.get(own);
  if (former?.shopWide === shopWide && now < former.until) return former.rules;
  const times = [...own, ...shopWide].flatMap(({ from, until }) => [from, until].map((time) => time?.getTime() ?? 0));
  const rules = rulesOf(rulesAt(now, own), rulesAt(now, shopWide));
  known.set(own, { shopWide, until: Math.min(...times.filter((time) => time > now)), rules });
  return rules;
}

function rulesOf(own: ReturnType<typeof rulesAt>, shopWide: ReturnType<typeof rulesAt>): RulesInForce {
  const of = <K extends keyof RuleActionRecord>(kind: K) =>
    own.flatMap(({ action, position }) => (action[kind] ? [{ ...(action[kind] as Action<K>), position }] : []));
  return {
    hides: uniqueFilters([...own, ...shopWide].flatMap(({ action }) => action.hide?.filter ?? [])),
    pins: of('pin'),
    boosts: of('boost'),
    quotas: of('atMost'),
    notShownHours: Math.max(0, ...of('notShownFor').map(({ hours }) => hours)),
  };
}

function rulesAt(now: number, rules: readonly Rule[]) {
  const isInForce = ({ from, until }: Rule) =>
    (from?.getTime() ?? -Infinity) <= now && now < (until?.getTime() ?? Infinity);
  return rules.map((rule, position) => ({ ...rule, position })).filter(isInForce);
}

function uniqueFilters(filters: readonly ItemFilterArgs[]): ItemFilterArgs[] {
  return [...new Map(filters.map((filter) => [JSON.stringify(filter), filter])).values()];
}

const HOUR_MS = 3_600_000;

/** @returns The arguments with what the placement says: a request narrows it, and does not widen it. */
export function withPlacement(
  args: RecommendationArgs,
  { definition, notShownHours }: PlacementInForce,
  now = Date.now(),
): RecommendationArgs {
  const options = definition.options ?? {};
  const since = [args.excludeShownSince?.getTime(), notShownHours > 0 ? now - notShownHours * HOUR_MS : undefined];
  const known = since.filter((time) => time !== undefined);
  return {
    ...args,
    modelVersionId: args.modelVersionId ?? definition.modelVersionId,
    excludeShownSince: known.length === 0 ? null : new Date(Math.min(...known)),
    includeSeen: unless(false, options.includeSeen, args.includeSeen),
    oncePerGroup: unless(true, options.oncePerGroup, args.oncePerGroup),
    coldStartShare: options.coldStartShare ?? args.coldStartShare,
    temperature: options.temperature ?? args.temperature,
    beamWidth: options.beamWidth ?? args.beamWidth,
  };
}

/** @returns The narrow value where either has it; else what is said at all. */
function unless(narrow: boolean, ...said: readonly (boolean | null | undefined)[]): boolean | null {
  return said.some((value) => value === narrow) ? narrow : (said.find((value) => value != null) ?? null);
}

interface Stored {
  /** The filter of the placement's options. */
  readonly own: ItemFilterArgs | null | undefined;
  readonly filter: ListFilter;
}

/** By what the rules hide: filters of requests without one. `ItemFilters` need not read the same object again. */
const stored = new WeakMap<readonly ItemFilterArgs[], Stored>();

/** @returns The filter of the request with that of the placement, and without what the rules hide. */
export function filterOf(
  requested: ItemFilterArgs | null | undefined,
  { definition, hides }: Pick<PlacementInForce, 'definition' | 'hides'>,
): ListFilter {
  const own = definition.options?.filter;
  const former = requested == null ? stored.get(hides) : undefined;
  if (former !== undefined && former.own === own) return former.filter;
  // Excluded items are no part of the filter: a shop excludes other ones, such as a basket, in each request.
  const filter: ListFilter = {
    ...{ ...requested, excludeExternalIds: undefined },
    ...(own && { and: [own] }),
    ...(hides.length > 0 && { none: hides }),
  };
  if (requested == null) stored.set(hides, { own, filter });
  return filter;
}
