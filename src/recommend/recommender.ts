/** Makes lists for users and histories: reads what a list depends on, has a model make it, and fills it. */
import { randomInt } from 'node:crypto';

import DataLoader from 'dataloader';
import { z } from 'zod';

import { MAX_INT } from '../../graphql/common/limits';
import type { Recommender as RecommenderPort } from '../../graphql/context';
import type { KindRuleRecord } from '../../graphql/interaction/records';
import type {
  BecauseRecord,
  EmptyReason,
  ListReason,
  ListSubject,
  RecommendationArgs,
  RecommendationList,
  RecommendationRecord,
  TrendingWindow,
} from '../../graphql/recommendation/records';
import { BEAM_WIDTH, MAX_HISTORY } from '../../models/config';
import { type KindRules, KINDS, kindOf, ruleOf, VIEW } from '../../models/data/kinds';
import { kindOfRun, runsOf } from '../../models/data/log-changes';
import { type NearItem, withReserved } from '../../models/decoding/cold-items';
import type { Recommendation } from '../../models/decoding/mixture';
import { isAmong } from '../../models/math/arrays';
import { cursorsOf, decodeCursor, encodeCursor } from '../storage/cursor-pages';
import type { TextShelfFinder } from '../semantic-ids/text-shelves';
import type { RequestReads, UserHistory } from '../storage/request-reads';
import { untilAborted } from '../waiting/promises';
import type { VersionedList, RecommendOne } from '../workers/messages';
import { becauseOf, leavingEachOut, scoresOf } from './because';
import { coldCandidates, type ColdItems } from './cold-items';
import type { ItemFilters } from './item-filters';
import type { Popularity, PopularItem } from './popularity';
import type { ListQueue } from './queue';
import { shelvesOf, steeringOf } from './steering';
import type { Trending } from './trending';

/** Used as the share of an item without interactions, since the logarithm of 0 is infinite. */
const MIN_SHARE = 1e-12;

/** A model version that makes lists. */
export interface ListModel {
  readonly lists: Pick<ListQueue, 'modelVersionId' | 'knownItems' | 'recommend'>;
  readonly coldItems: Pick<ColdItems, 'nearest'>;
}

interface RecommenderParts {
  /** @returns External ID → id, of the items that exist, removed ones too. */
  readonly itemIdsOf: (externalIds: readonly string[]) => Promise<ItemIds>;
  readonly requestReads: Pick<RequestReads, 'histories' | 'shown'>;
  readonly filters: Pick<ItemFilters, 'passing' | 'alike'>;
  readonly popularity: Popularity;
  readonly trending: Pick<Trending, 'ranking'>;
  readonly live: ListModel & { readonly lists: Pick<ListQueue, 'hasManyRepeats'> };
  /** Opens the version that a request names, and has it make lists; see named-version.ts. */
  readonly named: { use<T>(modelVersionId: number, make: (model: ListModel) => Promise<T>): Promise<T> };
  readonly kinds: KindRules;
  /** Number of the catalogue's last change. */
  readonly catalogueVersion: () => Promise<number>;
  readonly textShelves: Pick<TextShelfFinder, 'find'>;
}

/** External ID → id, of the items that exist among those that a request names. */
type ItemIds = ReadonlyMap<string, number>;

const NO_ITEMS: ItemIds = new Map();

/** The user or visitor whom a list is for. */
interface Recipient extends Pick<RecommendOne, 'userKey' | 'history' | 'times' | 'kinds'> {
  readonly seen: ReadonlySet<number>;
  /** Items that no list of the user has: they were dismissed or, where the request asks for that, shown. */
  readonly hidden: ReadonlySet<number>;
}

/** A request for a list, and what it leaves out for which reason. */
export interface Asked {
  readonly request: RecommendOne;
  readonly recipient: Recipient;
  /** The stored history; undefined: the list is for no stored user. */
  readonly user: UserHistory | undefined;
  /** Items that were shown since the time from which on they are left out. */
  readonly shown: readonly number[];
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

  constructor(private readonly parts: RecommenderParts) {
    const { requestReads, itemIdsOf } = parts;
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
    const { recipient } = await this.read(subject, args, signal);
    const { userKey, history, times, kinds } = recipient;
    if (history.length === 0 || itemIds.length === 0) return new Map();
    const request = scoresOf(itemIds, { userKey, history, times, kinds, isSeenKept: this.isSeenKept(args) });
    const lists = await this.by(args, ({ lists }) =>
      lists.modelVersionId === null
        ? Promise.resolve([])
        : lists.recommend(leavingEachOut(request, this.parts.kinds), signal),
    );
    return lists.length === 0 ? new Map() : becauseOf(request, lists);
  }

  /** What a list of these arguments is made from, for whoever explains it. */
  async asked(subject: ListSubject, args: RecommendationArgs, signal?: AbortSignal): Promise<Asked> {
    const { known, named, before, ...rest } = await this.read(subject, args, signal);
    const session = named.flatMap((externalId) => known.get(externalId) ?? []);
    const steeredBy = await steeringOf(args, this.parts.textShelves);
    const request = { ...(await this.requestFor(rest.recipient, args, known)), ...shelvesOf(steeredBy) };
    return { ...rest, request, session, earlier: before?.itemIds ?? [] };
  }

  private async listOf(
    subject: ListSubject,
    args: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<RecommendationList> {
    const { recipient, known, named, before } = await this.read(subject, args, signal);
    const list = await this.listFor(recipient, args, known, signal);
    return { ...list, ...pageOf(list, before), skippedItems: named.filter((externalId) => !known.has(externalId)) };
  }

  /** Reads what a list depends on. */
  private async read(
    { userId = null, history: given, item }: ListSubject,
    args: RecommendationArgs,
    signal?: AbortSignal,
  ) {
    const before = args.after == null ? null : continuationOf(args.after);
    const named = [...(given ?? []), ...(item == null ? [] : [item])];
    const lookedUp = [...named, ...excludedBy(args)];
    const [user, shown, known] = await Promise.all([
      userId === null ? undefined : this.historyOf(userId),
      userId === null ? [] : this.shownSince(args.excludeShownSince, userId),
      lookedUp.length === 0 ? NO_ITEMS : this.itemIdsOf(lookedUp),
    ]);
    signal?.throwIfAborted();
    const session = named.flatMap((externalId) => known.get(externalId) ?? []);
    const page = item == null ? [] : [known.get(item) ?? []].flat();
    const hidden = [...shown, ...page, ...(before?.itemIds ?? [])];
    return { recipient: recipientOf(user, this.parts.kinds, session, hidden), user, shown, known, named, before };
  }

  private async shownSince(since: Date | null | undefined, userId: number): Promise<number[]> {
    if (since == null) return [];
    const shown = await this.shownTo(userId);
    return shown.filter(({ at }) => at >= since.getTime()).map(({ itemId }) => itemId);
  }

  private async listFor(
    recipient: Recipient,
    args: RecommendationArgs,
    known: ItemIds,
    signal?: AbortSignal,
  ): Promise<UnpagedList> {
    const steeredBy = await steeringOf(args, this.parts.textShelves);
    const request = { ...(await this.requestFor(recipient, args, known)), ...shelvesOf(steeredBy) };
    const { main, cold } = await this.by(args, (model) => this.generate(model, request, args, signal));
    const generated = withReserved<RecommendationRecord>(main?.recommendations ?? [], coldStarts(cold), args.first);
    const upToTrending = [...generated, ...(await this.trending(request, generated, args.window ?? 'WEEK'))];
    const recommendations = [...upToTrending, ...this.popular(request, upToTrending)];
    return {
      recommendations,
      modelVersionId: main?.modelVersionId ?? null,
      catalogueVersion: main?.catalogueVersion ?? (await this.parts.catalogueVersion()),
      reason: reasonOf(recommendations) ?? this.emptyReason(request, new Set(excludedIds(args, known))),
      includesSeen: request.isSeenKept,
      steeredBy: main === null ? [] : steeredBy,
      hasMore: this.popular({ ...request, first: args.first + 1 }, recommendations).length > 0,
    };
  }

  /** Has the version make lists that the request names. */
  by<T>({ modelVersionId }: RecommendationArgs, make: (model: ListModel) => Promise<T>): Promise<T> {
    const { live, named } = this.parts;
    const isLive = modelVersionId == null || modelVersionId === live.lists.modelVersionId;
    return isLive ? make(live) : named.use(modelVersionId, make);
  }

  private isSeenKept({ includeSeen }: RecommendationArgs): boolean {
    return includeSeen ?? this.parts.live.lists.hasManyRepeats;
  }

  /** Excluded items are denied, and are no part of the filter: a shop excludes other ones, such as a basket, in each request. */
  private async requestFor(
    { seen, hidden, ...recipient }: Recipient,
    args: RecommendationArgs,
    known: ItemIds,
  ): Promise<RecommendOne> {
    const { filter, oncePerGroup } = args;
    const { filters } = this.parts;
    const isSeenKept = this.isSeenKept(args);
    const allow = await filters.passing({ ...filter, excludeExternalIds: undefined }, oncePerGroup ?? true);
    const denied = [...(isSeenKept ? [] : seen), ...hidden, ...excludedIds(args, known)];
    // Who has one size of a shirt wants no other one.
    const alike = (oncePerGroup ?? true) ? filters.alike(denied, allow) : [];
    return {
      ...recipient,
      at: Date.now(),
      first: args.first,
      beamWidth: args.beamWidth ?? BEAM_WIDTH,
      temperature: args.temperature ?? 0,
      seed: args.seed ?? (args.temperature ? randomInt(MAX_INT) : 0),
      allow,
      deny: Int32Array.from(new Set([...denied, ...alike])),
      isSeenKept,
    };
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

  /** @returns Ascending: see `coldCandidates`. */
  private eligibleColdItems({ lists }: ListModel, { allow, deny }: RecommendOne): Int32Array {
    const { knownItems, modelVersionId } = lists;
    if (knownItems === null) return new Int32Array(0);
    const denied = new Set(deny);
    return coldCandidates(this.parts.popularity.coldItems(knownItems), {
      allow: allow?.itemIds ?? null,
      qualifies: (itemId) => !denied.has(itemId),
      turn: modelVersionId ?? 0,
    });
  }

  private emptyReason({ allow }: RecommendOne, excluded: ReadonlySet<number>): EmptyReason {
    const { popularity } = this.parts;
    if (popularity.size === 0) return 'EMPTY_CATALOGUE';
    const admitted = popularity.top({ allow: allow?.itemIds ?? null, deny: excluded, first: 1 });
    return admitted.length === 0 ? 'FILTER_ADMITS_NOTHING' : 'ALL_SEEN';
  }

  /** @returns Eligible items that are trending and not in the list yet: at most as many as it lacks to have `first`. */
  private async trending(
    { allow, deny, first }: RecommendOne,
    present: readonly RecommendationRecord[],
    window: TrendingWindow,
  ): Promise<RecommendationRecord[]> {
    if (present.length >= first) return [];
    const denied = new Set([...deny, ...present.map(({ itemId }) => itemId)]);
    const found: PopularItem[] = [];
    for (const item of await this.parts.trending.ranking(window)) {
      if (found.length === first - present.length) break;
      const { itemId } = item;
      const isAllowed = allow === null || isAmong(allow.itemIds, itemId);
      if (isAllowed && !denied.has(itemId) && this.parts.popularity.has(itemId)) found.push(item);
    }
    return found.map((item) => withoutModel(item, 'TRENDING'));
  }

  /** @returns The most popular eligible items that are not in the list yet: as many as it lacks to have `first`. */
  private popular(
    { allow, deny, first }: RecommendOne,
    present: readonly RecommendationRecord[],
  ): RecommendationRecord[] {
    if (present.length >= first) return [];
    const items = this.parts.popularity.top({
      allow: allow?.itemIds ?? null,
      deny: new Set([...deny, ...present.map(({ itemId }) => itemId)]),
      first: first - present.length,
    });
    return items.map((item) => withoutModel(item, 'POPULARITY'));
  }
}

/** A list before it is known to be a page. */
interface UnpagedList extends Pick<
  RecommendationList,
  'recommendations' | 'modelVersionId' | 'catalogueVersion' | 'reason' | 'includesSeen' | 'steeredBy'
> {
  /** Whether more items qualify. */
  readonly hasMore: boolean;
}

function withoutModel({ itemId, share }: PopularItem, source: 'TRENDING' | 'POPULARITY'): RecommendationRecord {
  const score = Math.log(Math.max(share, MIN_SHARE));
  return { itemId, score, source, decoderScore: null, itemHeadScore: null, codes: [], logProbabilities: [] };
}

/** @returns Null for an empty list. */
function reasonOf([best]: readonly RecommendationRecord[]): ListReason | null {
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
  const coldRequest = { ...request, first: places, allow: { id: null, itemIds } };
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
  }));
}

function countedPositions({ itemIds, kindAt }: UserHistory, rules: KindRules): number[] {
  const positions = [...itemIds.keys()];
  if (KINDS.every((kind) => rules[kind].weight > 0)) return positions; // so that no kind need be read
  return positions.filter((position) => ruleOf(kindOf(kindAt(position)), rules).weight > 0);
}

function viewsOf(itemIds: readonly number[]): Entry[] {
  const time = Date.now();
  return runsOf(itemIds).map(({ end }) => ({ itemId: itemIds[end - 1], time, kind: VIEW }));
}

function coldStarts(list: VersionedList | null): RecommendationRecord[] {
  return (list?.recommendations ?? []).map((recommendation) => ({ ...recommendation, source: 'COLD_START' }));
}

/** @returns The recommendations in the order of `near`. */
function nearestFirst(recommendations: readonly Recommendation[], near: readonly NearItem[]): Recommendation[] {
  const byId = new Map(recommendations.map((recommendation) => [recommendation.itemId, recommendation]));
  return near.flatMap(({ itemId }) => byId.get(itemId) ?? []);
}
