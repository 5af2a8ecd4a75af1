/** Makes lists for users and histories: reads what a list depends on, has a model make it, and fills it. */
import { randomInt } from 'node:crypto';

import DataLoader from 'dataloader';
import { z } from 'zod';

import { MAX_INT } from '../../graphql/common/limits';
import type { Recommender as RecommenderPort } from '../../graphql/context';
import type { KindRuleRecord } from '../../graphql/interaction/records';
import { type PlacementStateRecord, SHOP_WIDE } from '../../graphql/placement/records';
import type {
  BecauseRecord,
  EmptyReason,
  ListReason,
  ListSubject,
  RecommendationArgs,
  RecommendationList,
  RecommendationRecord,
} from '../../graphql/recommendation/records';
import { BEAM_WIDTH, MAX_HISTORY } from '../../models/config';
import { type KindRules, KINDS, kindOf, ruleOf, VIEW } from '../../models/data/kinds';
import { kindOfRun, runsOf } from '../../models/data/log-changes';
import type { NearItem } from '../../models/decoding/cold-items';
import type { Recommendation } from '../../models/decoding/mixture';
import { isAmong } from '../../models/math/arrays';
import { placementState } from '../placements/definition';
import type { TextShelfFinder } from '../semantic-ids/text-shelves';
import { cursorsOf, decodeCursor, encodeCursor } from '../storage/cursor-pages';
import type { RequestReads, UserHistory } from '../storage/request-reads';
import { untilAborted } from '../waiting/promises';
import type { AllowList, ListBoost, VersionedList, RecommendOne } from '../workers/messages';
import { arrange, type PagePin, pinsOfPage, withRules } from './arranged-list';
import { greatestCommon } from './ascending-ids';
import { becauseOf, leavingEachOut, scoresOf } from './because';
import { type ColdItems, MAX_COLD_ITEMS } from './cold-items';
import { historyUntil, withRemoved } from './former-state';
import type { ItemFilters } from './item-filters';
import { ListFilling, MIN_SHARE, type Offer, withoutModel } from './list-filling';
import { filterOf, type Pin, type PlacementInForce, placementInForce, withPlacement } from './placement-rules';
import type { Popularity } from './popularity';
import type { ListQueue } from './queue';
import { keptShelves, Quotas, type ShelvesOf } from './quotas';
import { shelvesOf, steeringOf } from './steering';
import type { Trending } from './trending';

/** A model version that makes lists. */
export interface ListModel {
  readonly lists: Pick<ListQueue, 'modelVersionId' | 'knownItems' | 'recommend'>;
  readonly coldItems: Pick<ColdItems, 'nearest'>;
}

interface RecommenderParts {
  /** @returns External ID → id, of the items that exist, removed ones too. */
  readonly itemIdsOf: (externalIds: readonly string[]) => Promise<ItemIds>;
  readonly requestReads: Pick<RequestReads, 'histories' | 'shown' | 'placements' | 'shelves'>;
  readonly filters: Pick<ItemFilters, 'passing' | 'alike'>;
  readonly popularity: Popularity;
  readonly trending: Pick<Trending, 'ranking'>;
  readonly live: ListModel & { readonly lists: Pick<ListQueue, 'hasManyRepeats'> };
  /** Opens the version that a request names, and has it make lists; see named-version.ts. */
  readonly named: {
    use<T>(modelVersionId: number, make: (model: ListModel) => Promise<T>, formerCatalogue?: number): Promise<T>;
  };
  /** @returns A state of a placement that is perhaps not the newest. */
  readonly placementState: (name: string, number: number) => Promise<PlacementStateRecord | null>;
  readonly kinds: KindRules;
  /** Number of the catalogue's last change. */
  readonly catalogueVersion: () => Promise<number>;
  readonly textShelves: Pick<TextShelfFinder, 'find'>;
}

/** External ID → id, of the items that exist among those that a request names. */
type ItemIds = ReadonlyMap<string, number>;

const NO_ITEMS: ItemIds = new Map();

/** The user or visitor whom a list is for. */
interface Recipient extends Pick<RecommendOne, 'userKey' | 'history' | 'times' | 'kinds' | 'counts'> {
  readonly seen: ReadonlySet<number>;
  /** Items that no list of the user has: they were dismissed or, where the request asks for that, shown. */
  readonly hidden: ReadonlySet<number>;
}

/** All that a list depends on, once it is read. */
interface Read {
  /** With what the placement says. */
  readonly args: RecommendationArgs;
  readonly placement: PlacementInForce;
  readonly recipient: Recipient;
  /** The stored history; undefined: the list is for no stored user. */
  readonly user: UserHistory | undefined;
  /** Items that were shown since the time from which on they are left out. */
  readonly shown: readonly number[];
  readonly known: ItemIds;
  /** External ids of the subject. */
  readonly named: readonly string[];
  readonly before: Continuation | null;
}

interface ListRequest {
  readonly one: RecommendOne;
  readonly pins: readonly PagePin[];
  /** Pins of later pages, in the order of their places. */
  readonly later: readonly Pin[];
  /** Whether the placement leaves nothing, so that its fallback stands alone. */
  readonly isFallback: boolean;
}

/** A request for a list, and what it leaves out for which reason. */
export interface Asked extends Pick<Read, 'args' | 'placement' | 'recipient' | 'user' | 'shown'> {
  readonly request: RecommendOne;
  /** Items that the request names. */
  readonly session: readonly number[];
  /** Items of the pages before. */
  readonly earlier: readonly number[];
}

/** A list for the request and one for its reserved places, both made by the same versions. */
interface Generated {
  readonly main: VersionedList | null;
  readonly cold: VersionedList | null;
}

const NOTHING: Generated = { main: null, cold: null };

/** Where quotas may leave items out, the model is asked for so many times as many, which it has found in any case. */
const SPARE = 2;

/** A list goes on for so many items at most: its cursor names those that were in it. */
const MAX_PAGED = 500;

/** The versions that made the page before, and the items of all pages so far. */
interface Continuation {
  readonly modelVersionId: number | null;
  readonly catalogueVersion: number;
  readonly itemIds: readonly number[];
}

const CURSORS = cursorsOf(
  'recommendations',
  z.tuple([z.int32().nullable(), z.int32(), z.array(z.int32()).max(MAX_PAGED)]),
  ({ modelVersionId, catalogueVersion, itemIds }: Continuation): [number | null, number, number[]] => [
    modelVersionId,
    catalogueVersion,
    [...itemIds],
  ],
);

/** The live model makes lists, or another version where a request names one; trending and popular items fill what it leaves open. */
export class Recommender implements RecommenderPort {
  private readonly historyOf;
  private readonly shownTo;
  private readonly itemIdsOf;
  private readonly stateOf;
  private readonly shelvesOf: ShelvesOf;
  private readonly filling;

  constructor(private readonly parts: RecommenderParts) {
    const { requestReads, itemIdsOf } = parts;
    this.filling = new ListFilling(parts);
    this.historyOf = together(async (userIds: readonly number[]) => {
      const histories = await requestReads.histories([...new Set(userIds)]);
      return (userId) => histories.get(userId);
    });
    this.shownTo = together(async (userIds: readonly number[]) => {
      const shown = await requestReads.shown([...new Set(userIds)]);
      return (userId) => shown.get(userId) ?? [];
    });
    this.itemIdsOf = together(async (lists: readonly (readonly string[])[]) => {
      const known = await itemIdsOf(lists.flat());
      return () => known;
    });
    this.stateOf = together(async (names: readonly string[]) => {
      const stored = await requestReads.placements([...new Set(names)]);
      const states = new Map([...stored].map(([name, row]) => [name, placementState(row)]));
      return (name): PlacementStateRecord | undefined => states.get(name);
    });
    this.shelvesOf = keptShelves((itemIds) => requestReads.shelves(itemIds));
  }

  kinds(): KindRuleRecord[] {
    return KINDS.map((kind) => ({ kind, ...this.parts.kinds[kind] }));
  }

  recommend(subject: ListSubject, args: RecommendationArgs, signal?: AbortSignal): Promise<RecommendationList> {
    const list = this.listOf(subject, args, signal);
    return signal ? untilAborted(signal, list) : list;
  }

  async because(
    subject: ListSubject,
    args: RecommendationArgs,
    itemIds: readonly number[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<number, readonly BecauseRecord[]>> {
    const read = await this.read(subject, args, signal);
    const { userKey, history, times, kinds, counts } = read.recipient;
    if (history.length === 0 || itemIds.length === 0) return new Map();
    const settings = { at: timeOf(read.args), isSeenKept: this.isSeenKept(read.args) };
    const request = scoresOf(itemIds, { userKey, history, times, kinds, counts, ...settings });
    const lists = await this.by(read, ({ lists }) =>
      lists.modelVersionId === null
        ? Promise.resolve([])
        : lists.recommend(leavingEachOut(request, this.parts.kinds), signal),
    );
    return lists.length === 0 ? new Map() : becauseOf(request, lists);
  }

  /** All that a list of these arguments is made from, for whoever explains it. */
  async asked(subject: ListSubject, args: RecommendationArgs, signal?: AbortSignal): Promise<Asked> {
    const read = await this.read(subject, args, signal);
    const session = read.named.flatMap((externalId) => read.known.get(externalId) ?? []);
    const { one } = await this.requestFor(read);
    const request = { ...one, ...shelvesOf(await steeringOf(read.args, this.parts.textShelves)) };
    return { ...read, request, session, earlier: read.before?.itemIds ?? [] };
  }

  private async listOf(
    subject: ListSubject,
    args: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<RecommendationList> {
    const read = await this.read(subject, args, signal);
    const { named, known, before, placement } = read;
    const list = await this.listFor(read, signal);
    return {
      ...list,
      ...pageOf(list, before),
      placementState: placement.state,
      skippedItems: named.filter((externalId) => !known.has(externalId)),
    };
  }

  /** Reads what a list depends on. */
  private async read(
    { userId = null, history: given, item }: ListSubject,
    requested: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<Read> {
    const before = requested.after == null ? null : continuationOf(requested.after);
    const named = [...(given ?? []), ...(item == null ? [] : [item])];
    const lookedUp = [...named, ...excludedBy(requested)];
    const [placement, stored, known] = await Promise.all([
      this.placementOf(requested),
      userId === null ? undefined : this.historyOf(userId),
      lookedUp.length === 0 ? NO_ITEMS : this.itemIdsOf(lookedUp),
    ]);
    const args = withPlacement(requested, placement);
    const shown = userId === null ? [] : await this.shownSince(args.excludeShownSince, userId);
    signal?.throwIfAborted();
    const session = named.flatMap((externalId) => known.get(externalId) ?? []);
    const page = item == null ? [] : [known.get(item) ?? []].flat();
    const hidden = [...shown, ...page, ...(before?.itemIds ?? [])];
    const user = stored && args.former ? historyUntil(args.former.time, stored, this.parts.kinds) : stored;
    const recipient = recipientOf(user, this.parts.kinds, session, hidden);
    return { args, placement, recipient, user, shown, known, named, before };
  }

  private async shownSince(since: Date | null | undefined, userId: number): Promise<number[]> {
    if (since == null) return [];
    const shown = await this.shownTo(userId);
    return shown.filter(({ at }) => at >= since.getTime()).map(({ itemId }) => itemId);
  }

  /** The stored state is read for each list, so that a change is in force at the next request of every server. */
  private async placementOf(args: RecommendationArgs): Promise<PlacementInForce> {
    const names = [SHOP_WIDE, ...(args.placement == null ? [] : [args.placement])];
    const [numbered, ...newest] = await Promise.all([
      this.numberedState(args),
      ...names.map((name) => this.stateOf(name)),
    ]);
    const states = [...newest, numbered].flatMap((state) => (state ? [[state.name, state] as const] : []));
    const inForce = placementInForce(args, new Map(states));
    const modelVersionId = args.arm?.modelVersionId ?? inForce.definition.modelVersionId;
    return { ...inForce, definition: { ...inForce.definition, modelVersionId } };
  }

  /** @returns The state that an arm of an experiment names, of a placement that is still stored. */
  private async numberedState({ placement, arm }: RecommendationArgs) {
    if (placement == null || arm?.stateNumber == null) return undefined;
    return (await this.parts.placementState(placement, arm.stateNumber)) ?? undefined;
  }

  private async listFor(read: Read, signal?: AbortSignal): Promise<UnpagedList> {
    const { args, placement, known } = read;
    const steeredBy = await steeringOf(args, this.parts.textShelves);
    const { one, pins, later, isFallback } = await this.requestFor(read);
    const { main, cold } = isFallback
      ? NOTHING
      : await this.by(read, (model) => this.generate(model, { ...one, ...shelvesOf(steeredBy) }, args, signal));
    const denied = new Set(one.deny);
    const offers = this.offers(read, one);
    const arranged = await arrange({
      ...{ first: args.first, pins, later, offers, denied },
      main: main?.recommendations ?? [],
      cold: coldStarts(cold),
      unscored: (itemId) => withoutModel({ itemId, share: this.parts.popularity.shareOf(itemId) }, 'POPULARITY'),
      quotas: new Quotas(placement.quotas, this.shelvesOf),
    });
    const isOver = offers.length === 0 && arranged.length < args.first;
    const listed = new Set(arranged.map(({ itemId }) => itemId));
    const taken = new Set([...denied, ...listed]);
    const isMore =
      later.some(({ itemId }) => !listed.has(itemId)) ||
      this.parts.popularity.top({ allow: one.allow?.itemIds ?? null, deny: taken, first: 1 }).length > 0;
    return {
      recommendations: withRules(
        arranged,
        [...pins.map(({ pin }) => pin), ...later],
        placement.boosts,
        one.boosts ?? [],
      ),
      modelVersionId: main?.modelVersionId ?? null,
      catalogueVersion: main?.catalogueVersion ?? (await this.parts.catalogueVersion()),
      reason: reasonOf(arranged, one.pinned) ?? this.emptyReason(one, new Set(excludedIds(args, known))),
      includesSeen: one.isSeenKept,
      steeredBy: main === null ? [] : steeredBy,
      hasMore: !isOver && isMore,
    };
  }

  /**
   * Has the version make lists that the request, or its placement, names. One of the placement that cannot be loaded gives way to the
   * active one, so that the page has a list.
   */
  by<T>({ args, placement }: Pick<Read, 'args' | 'placement'>, make: (model: ListModel) => Promise<T>): Promise<T> {
    const id = args.modelVersionId;
    const made = this.byVersion(args, make);
    const isOfPlacement = id != null && id === placement.definition.modelVersionId;
    return isOfPlacement ? made.catch(() => this.byVersion({ ...args, modelVersionId: null }, make)) : made;
  }

  private byVersion<T>(
    { modelVersionId, former }: Pick<RecommendationArgs, 'modelVersionId' | 'former'>,
    make: (model: ListModel) => Promise<T>,
  ): Promise<T> {
    const { live, named } = this.parts;
    if (former != null) return named.use(former.modelVersionId, make, former.catalogueVersion);
    const isLive = modelVersionId == null || modelVersionId === live.lists.modelVersionId;
    return isLive ? make(live) : named.use(modelVersionId, make);
  }

  private isSeenKept({ includeSeen }: RecommendationArgs): boolean {
    return includeSeen ?? this.parts.live.lists.hasManyRepeats;
  }

  private async requestFor({ recipient, args, placement, known, before }: Read): Promise<ListRequest> {
    const { seen, hidden, ...reader } = recipient;
    const { filters } = this.parts;
    const oncePerGroup = args.oncePerGroup ?? true;
    const isSeenKept = this.isSeenKept(args);
    const isFallback = await this.leavesNothing(placement);
    const filter = filterOf(args.filter, isFallback ? { ...placement, definition: {} } : placement);
    const passing = await filters.passing(filter, oncePerGroup);
    const allow = args.former ? withRemoved(passing, filter, args.former) : passing;
    const denied = [...(isSeenKept ? [] : seen), ...hidden, ...excludedIds(args, known)];
    const pinnable = placement.pins.length > 0 && allow !== null ? await filters.passing(filter, false) : allow;
    const page = { position: before?.itemIds.length ?? 0, first: args.first };
    const { pins, later } = this.pinsFor(placement, { ...page, pinnable, denied });
    // Who has one size of a shirt wants no other one.
    const alike = (itemIds: readonly number[]) => (oncePerGroup ? filters.alike(itemIds, allow) : []);
    const pinned = pins.map(({ pin }) => pin.itemId);
    const besidePins = alike(pinned).filter((itemId) => !pinned.includes(itemId));
    const one: RecommendOne = {
      ...reader,
      at: timeOf(args),
      first: args.first,
      beamWidth: args.beamWidth ?? BEAM_WIDTH,
      temperature: args.temperature ?? 0,
      seed: args.seed ?? (args.temperature ? randomInt(MAX_INT) : 0),
      allow,
      deny: Int32Array.from(
        new Set([...denied, ...alike(denied), ...later.map(({ itemId }) => itemId), ...besidePins]),
      ),
      isSeenKept,
      boosts: await this.boostsOf(placement),
      pinned,
      spare: pins.length + (placement.quotas.length > 0 ? SPARE * args.first : 0),
    };
    return { one, pins, later, isFallback };
  }

  /** Whether no item is left for any list of the placement, whatever its request asks. */
  private async leavesNothing(placement: PlacementInForce): Promise<boolean> {
    if (!placement.definition.options?.filter) return false;
    const left = await this.parts.filters.passing(filterOf(null, placement), false);
    return left?.itemIds.length === 0;
  }

  /** @returns The pins of the page whose items qualify, and those of later pages. */
  private pinsFor(
    { pins }: PlacementInForce,
    page: { position: number; first: number; pinnable: AllowList | null; denied: readonly number[] },
  ): { pins: PagePin[]; later: Pin[] } {
    const { position, first, pinnable } = page;
    const denied = new Set(page.denied);
    const qualifies = (itemId: number) =>
      this.parts.popularity.has(itemId) && (pinnable === null || isAmong(pinnable.itemIds, itemId));
    const left = pins.filter(({ itemId }) => qualifies(itemId) && !denied.has(itemId));
    const unique = left.filter(({ itemId }, i) => left.findIndex((other) => other.itemId === itemId) === i);
    const ofPage = pinsOfPage(unique, position, first);
    const here = new Set(ofPage.map(({ pin }) => pin));
    const later = unique.filter((pin) => !here.has(pin)).sort((a, b) => a.place - b.place);
    return { pins: ofPage, later };
  }

  /** One after another: a placement that is asked for the first time must not fill the queue of searches. */
  private async boostsOf({ boosts }: PlacementInForce): Promise<ListBoost[]> {
    const lists: ListBoost[] = [];
    for (const { filter, factor } of boosts) {
      const items = await this.parts.filters.passing(filter, false);
      lists.push({ items: items ?? { id: null, itemIds: new Int32Array(0) }, factor });
    }
    return lists;
  }

  /** @returns What fills the list, in this order. A request for what is trending gets that. */
  private offers({ args, placement }: Read, one: RecommendOne): Offer[] {
    const { fallback, window } = placement.definition;
    const kind = args.window == null ? (fallback ?? 'TRENDING') : 'TRENDING';
    if (kind === 'NOTHING') return [];
    const popular = this.filling.popular(one);
    if (kind === 'POPULAR') return [popular];
    return [this.filling.trending(one, args.window ?? window ?? 'WEEK'), popular];
  }

  /** @returns No lists when no model is live or the history is empty. */
  private async generate(
    model: ListModel,
    request: RecommendOne,
    args: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<Generated> {
    const { lists } = model;
    if (lists.modelVersionId === null || request.history.length === 0) return NOTHING;
    const places = coldPlaces(args);
    const coldItemIds = places === 0 ? new Int32Array(0) : this.eligibleColdItems(model, request);
    try {
      if (coldItemIds.length > 0) return await withColdItems(model, request, coldItemIds, places, signal);
      const [main] = await lists.recommend([request], signal);
      return { main, cold: null };
    } catch (error) {
      if (lists.modelVersionId !== null) throw error;
      return NOTHING; // the model was lost meanwhile: the list has popular items, like those after it
    }
  }

  /** @returns Ascending. */
  private eligibleColdItems({ lists: { knownItems } }: ListModel, { allow, deny }: RecommendOne): Int32Array {
    if (knownItems === null) return new Int32Array(0);
    const [cold, denied] = [this.parts.popularity.coldItems(knownItems), new Set(deny)];
    return greatestCommon(cold, allow?.itemIds ?? null, MAX_COLD_ITEMS, (itemId) => !denied.has(itemId));
  }

  private emptyReason({ allow, deny }: RecommendOne, excluded: ReadonlySet<number>): EmptyReason {
    const { popularity } = this.parts;
    if (popularity.size === 0) return 'EMPTY_CATALOGUE';
    const some = (denied: ReadonlySet<number>) =>
      popularity.top({ allow: allow?.itemIds ?? null, deny: denied, first: 1 });
    if (some(excluded).length === 0) return 'FILTER_ADMITS_NOTHING';
    return some(new Set(deny)).length === 0 ? 'ALL_SEEN' : 'NO_FALLBACK';
  }
}

/** @returns The time that a list is made for, in milliseconds since 1970. */
function timeOf({ former }: Pick<RecommendationArgs, 'former'>): number {
  return former?.time.getTime() ?? Date.now();
}

/** A list before it is known to be a page. */
interface UnpagedList extends Pick<
  RecommendationList,
  'recommendations' | 'modelVersionId' | 'catalogueVersion' | 'reason' | 'includesSeen' | 'steeredBy'
> {
  /** Whether more items qualify. */
  readonly hasMore: boolean;
}

/** @returns Null for an empty list. @param pinned - Items that are there whatever anything says of them. */
function reasonOf(list: readonly RecommendationRecord[], pinned: readonly number[] = []): ListReason | null {
  const best = list.find(({ itemId }) => !pinned.includes(itemId)) ?? list[0];
  if (best === undefined) return null;
  if (best.source === 'POPULARITY') return best.score > Math.log(MIN_SHARE) ? 'POPULAR' : 'NEWEST';
  return best.source === 'TRENDING' ? 'TRENDING' : 'MODEL';
}

function continuationOf(cursor: string): Continuation {
  const [modelVersionId, catalogueVersion, itemIds] = decodeCursor(cursor, CURSORS);
  return { modelVersionId, catalogueVersion, itemIds };
}

function pageOf(
  { recommendations, modelVersionId, catalogueVersion, hasMore }: UnpagedList,
  before: Continuation | null,
): Pick<RecommendationList, 'position' | 'hasNextPage' | 'startCursor' | 'endCursor' | 'versionsChanged'> {
  const position = before?.itemIds.length ?? 0;
  const itemIds = [...(before?.itemIds ?? []), ...recommendations.map(({ itemId }) => itemId)];
  const cursorAfter = (items: number) =>
    recommendations.length === 0
      ? null
      : encodeCursor(CURSORS, { modelVersionId, catalogueVersion, itemIds: itemIds.slice(0, items) });
  return {
    position,
    hasNextPage: hasMore && itemIds.length < MAX_PAGED,
    startCursor: cursorAfter(position + 1),
    endCursor: cursorAfter(itemIds.length),
    versionsChanged:
      before !== null && (before.modelVersionId !== modelVersionId || before.catalogueVersion !== catalogueVersion),
  };
}

/** @returns A function that reads together what it is asked for at the same time, such as by all users of one operation. */
function together<K, V>(read: (keys: readonly K[]) => Promise<(key: K) => V>): (key: K) => Promise<V> {
  const loader = new DataLoader<K, V>(async (keys) => keys.map(await read(keys)), { cache: false });
  return (key) => loader.load(key);
}

async function withColdItems(
  { lists, coldItems }: ListModel,
  request: RecommendOne,
  coldItemIds: Int32Array,
  places: number,
  signal?: AbortSignal,
): Promise<Generated> {
  const near = await coldItems.nearest(request.history, coldItemIds, places);
  const itemIds = near === null ? coldItemIds : Int32Array.from(near, ({ itemId }) => itemId);
  const coldRequest = { ...request, first: places, allow: { id: null, itemIds }, spare: 0, pinned: [] };
  const [main, cold] = await lists.recommend([request, coldRequest], signal);
  return { main, cold: near === null ? cold : { ...cold, recommendations: nearestFirst(cold.recommendations, near) } };
}

function excludedBy({ filter }: RecommendationArgs): readonly string[] {
  return filter?.excludeExternalIds ?? [];
}

function excludedIds(args: RecommendationArgs, known: ItemIds): number[] {
  return excludedBy(args).flatMap((externalId) => known.get(externalId) ?? []);
}

/** @returns How many places of a list are reserved for cold items. */
function coldPlaces({ coldStartShare, first }: RecommendationArgs): number {
  return Math.round((coldStartShare ?? 0) * first);
}

/**
 * @param session - Item ids that follow the stored history. The shop says no more of them: they have just been viewed.
 * @param hidden - Items that the list leaves out, such as those that the user was shown.
 */
export function recipientOf(
  user: UserHistory | undefined,
  rules: KindRules,
  session: readonly number[] = [],
  hidden: readonly number[] = [],
): Recipient {
  const entries = [...entriesOf(user, rules), ...viewsOf(session)].slice(-MAX_HISTORY);
  return {
    userKey: user?.externalId ?? null,
    history: entries.map(({ itemId }) => itemId),
    times: entries.map(({ time }) => time),
    kinds: entries.map(({ kind }) => kind),
    counts: entries.map(({ count }) => count),
    seen: session.length === 0 && user ? user.seen : new Set([...(user?.seen ?? []), ...session]),
    hidden: hidden.length === 0 && user ? user.dismissed : new Set([...(user?.dismissed ?? []), ...hidden]),
  };
}

/** One item of a history. */
interface Entry {
  readonly itemId: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly kind: number;
  readonly count: number;
}

/** @returns The entries of a history as a training reads it: see `LogBuilder`. */
function entriesOf(user: UserHistory | undefined, rules: KindRules): Entry[] {
  if (user === undefined) return [];
  const kindAt = (position: number) => kindOf(user.kindAt(position));
  const counted = countedPositions(user, rules);
  const itemIds = counted.map((position) => user.itemIds[position]);
  const timeAt = (i: number) => user.timeAt(counted[i]);
  const runs = runsOf(itemIds, timeAt).slice(-MAX_HISTORY);
  return runs.map((run) => ({
    itemId: itemIds[run.end - 1],
    time: timeAt(run.end - 1),
    kind: kindOfRun(run, (i) => kindAt(counted[i]), rules),
    count: run.end - run.begin,
  }));
}

function countedPositions({ itemIds, kindAt }: UserHistory, rules: KindRules): number[] {
  const positions = [...itemIds.keys()];
  if (KINDS.every((kind) => rules[kind].weight > 0)) return positions; // so that no kind need be read
  return positions.filter((position) => ruleOf(kindOf(kindAt(position)), rules).weight > 0);
}

function viewsOf(itemIds: readonly number[]): Entry[] {
  const time = Date.now();
  return runsOf(itemIds).map(({ begin, end }) => ({ itemId: itemIds[begin], time, kind: VIEW, count: end - begin }));
}

function coldStarts(list: VersionedList | null): RecommendationRecord[] {
  return (list?.recommendations ?? []).map((recommendation) => ({ ...recommendation, source: 'COLD_START' }));
}

/** @returns The recommendations in the order of `near`. */
function nearestFirst(recommendations: readonly Recommendation[], near: readonly NearItem[]): Recommendation[] {
  const byId = new Map(recommendations.map((recommendation) => [recommendation.itemId, recommendation]));
  return near.flatMap(({ itemId }) => byId.get(itemId) ?? []);
}
