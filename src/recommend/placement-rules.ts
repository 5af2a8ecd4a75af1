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

type Rule = PlacementDefinition['rules'][number];

/**
 * @param stored - The state of the placement that the request names; null where nothing is stored.
 * @param everywhere - The state that counts in all lists.
 */
export function placementInForce(
  { placement, arm, draft }: Pick<RecommendationArgs, 'placement' | 'arm' | 'draft'>,
  stored: PlacementStateRecord | null,
  everywhere: PlacementStateRecord | null,
  now = Date.now(),
): PlacementInForce {
  const own = draft ?? stored;
  const isShopWide = placement === SHOP_WIDE;
  const rules = isShopWide ? [] : rulesAt(now, own?.rules);
  const shopWide = rulesAt(now, (isShopWide ? own : everywhere)?.rules);
  const of = <K extends keyof RuleActionRecord>(kind: K) =>
    rules.flatMap(({ action, position }) => (action[kind] ? [{ ...(action[kind] as Action<K>), position }] : []));
  return {
    state: stored?.number ?? null,
    definition: isShopWide ? {} : { ...own, modelVersionId: arm?.modelVersionId ?? own?.modelVersionId },
    hides: [...rules, ...shopWide].flatMap(({ action }) => action.hide?.filter ?? []),
    pins: of('pin'),
    boosts: of('boost'),
    quotas: of('atMost'),
    notShownHours: Math.max(0, ...of('notShownFor').map(({ hours }) => hours)),
  };
}

function rulesAt(now: number, rules: readonly Rule[] = []) {
  const isInForce = ({ from, until }: Rule) =>
    (from?.getTime() ?? -Infinity) <= now && now < (until?.getTime() ?? Infinity);
  return rules.map((rule, position) => ({ ...rule, position })).filter(isInForce);
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

/** @returns The filter of the request with that of the placement, and without what the rules hide. */
export function filterOf(
  requested: ItemFilterArgs | null | undefined,
  { definition: { options }, hides }: Pick<PlacementInForce, 'definition' | 'hides'>,
): ListFilter {
  return {
    // Excluded items are no part of the filter: a shop excludes other ones, such as a basket, in each request.
    ...{ ...requested, excludeExternalIds: undefined },
    ...(options?.filter && { and: [options.filter] }),
    ...(hides.length > 0 && { none: hides }),
  };
}
