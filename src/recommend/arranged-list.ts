/** Arranges a list: pins at their places, places for cold items, the model's items, then what fills it. Quotas count over all of them. */
import type { AppliedRule, RecommendationRecord } from '../../graphql/recommendation/records';
import { withReserved } from '../../models/decoding/cold-items';
import { isAmong } from '../../models/math/arrays';
import type { ListBoost } from '../workers/messages';
import { type Offer, takeFrom } from './list-filling';
import type { Boost, Pin } from './placement-rules';
import type { Quotas } from './quotas';

/** A pin that this page has; `place` counts from 0 within the page. */
export interface PagePin {
  readonly pin: Pin;
  readonly place: number;
}

/**
 * @param qualifying - Pins whose items the list may have, and no page before has.
 * @param position - How many items the pages before have.
 * @returns The pins of a page and those of later pages, in the order of their places; of two with one place the later comes next.
 */
export function pinsOfPage(
  qualifying: readonly Pin[],
  position: number,
  first: number,
): { pins: PagePin[]; later: Pin[] } {
  const unique = qualifying.filter((pin, i) => qualifying.findIndex(({ itemId }) => itemId === pin.itemId) === i);
  const [pins, later]: [PagePin[], Pin[]] = [[], []];
  let next = 0;
  for (const pin of unique.sort((a, b) => a.place - b.place)) {
    const place = Math.max(next, pin.place - 1 - position);
    if (place >= first) later.push(pin);
    else pins.push({ pin, place });
    next = place + 1;
  }
  return { pins, later };
}

interface ListParts {
  readonly first: number;
  /** The model's, best first: pinned items, and more than `first`, may be among them. */
  readonly main: readonly RecommendationRecord[];
  readonly cold: readonly RecommendationRecord[];
  readonly pins: readonly PagePin[];
  /** Pins of later pages: they end a list that has no such page. */
  readonly later: readonly Pin[];
  /** @returns A pinned item that the model says nothing of. */
  readonly unscored: (itemId: number) => RecommendationRecord;
  /** Items that fill the list, in this order. */
  readonly offers: readonly Offer[];
  /** Items that the list may not have. */
  readonly denied: Iterable<number>;
  readonly quotas: Quotas;
}

export async function arrange(parts: ListParts): Promise<RecommendationRecord[]> {
  const { main, pins, later, unscored, offers, denied, quotas } = parts;
  const pinnedIds = new Set(pins.map(({ pin }) => pin.itemId));
  const others = (list: readonly RecommendationRecord[]) => list.filter(({ itemId }) => !pinnedIds.has(itemId));
  const first = parts.first - pins.length;
  await quotas.count(pins.map(({ pin }) => pin));
  const cold = await quotas.admit(others(parts.cold), first);
  const coldIds = new Set(cold.map(({ itemId }) => itemId));
  const likely = others(main).filter(({ itemId }) => !coldIds.has(itemId));
  const list = withReserved(await quotas.admit(likely, first - cold.length), cold, first);
  const taken = new Set([...denied, ...pinnedIds, ...list.map(({ itemId }) => itemId)]);
  for (const offer of offers) {
    if (list.length >= first) break;
    list.push(...(await takeFrom(offer, first - list.length, taken, quotas)));
  }
  const scored = new Map(main.map((one) => [one.itemId, one]));
  for (const { pin, place } of pins) list.splice(place, 0, scored.get(pin.itemId) ?? unscored(pin.itemId));
  const last = await quotas.admit(later, parts.first - list.length);
  return [...list, ...last.map(({ itemId }) => unscored(itemId))];
}

/** @returns The items, each with the rules that moved it. @param lists - Of each boost the items, in the same order. */
export function withRules(
  recommendations: readonly RecommendationRecord[],
  pins: readonly Pin[],
  boosts: readonly Boost[],
  lists: readonly ListBoost[],
): RecommendationRecord[] {
  return recommendations.map((one) => {
    const rules = rulesOf(one.itemId, pins, boosts, lists);
    return rules.length === 0 ? one : { rules, ...one }; // the other order takes ten times as long in Node 20
  });
}

function rulesOf(
  itemId: number,
  pins: readonly Pin[],
  boosts: readonly Boost[],
  lists: readonly ListBoost[],
): AppliedRule[] {
  const rules: AppliedRule[] = [];
  for (const pin of pins) {
    if (pin.itemId === itemId) rules.push({ kind: 'PIN', position: pin.position, factor: null, place: pin.place });
  }
  for (let i = 0; i < lists.length; i++) {
    if (!isAmong(lists[i].items.itemIds, itemId)) continue;
    rules.push({ kind: 'BOOST', position: boosts[i].position, factor: boosts[i].factor, place: null });
  }
  return rules;
}
