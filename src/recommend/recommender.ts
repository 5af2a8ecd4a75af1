/** Makes lists for users and histories: reads what a list depends on, has a model make it, and fills it. */
import DataLoader from 'dataloader';

import type { Recommender as RecommenderPort } from '../../graphql/context';
import type {
  EmptyReason,
  RecommendationArgs,
  RecommendationList,
  RecommendationRecord,
} from '../../graphql/recommendation/records';
import { BEAM_WIDTH, MAX_HISTORY } from '../../models/config';
import { kindOf, VIEW } from '../../models/data/kinds';
import { kindOfRun, runsOf } from '../../models/data/log-changes';
import { type NearItem, withReserved } from '../../models/decoding/cold-items';
import type { Recommendation } from '../../models/decoding/mixture';
import type { RequestReads, UserHistory } from '../storage/request-reads';
import { untilAborted } from '../waiting/promises';
import type { VersionedList, RecommendOne } from '../workers/messages';
import { coldCandidates, type ColdItems } from './cold-items';
import type { ItemFilters } from './item-filters';
import type { Popularity } from './popularity';
import type { ListQueue } from './queue';

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
  readonly live: ListModel;
  /** Opens the version that a request names, and has it make lists; see named-version.ts. */
  readonly named: { use<T>(modelVersionId: number, make: (model: ListModel) => Promise<T>): Promise<T> };
  /** Number of the catalogue's last change. */
  readonly catalogueVersion: () => Promise<number>;
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

/** A list, and the ids of the history that are no items. */
type HistoryList = RecommendationList & { readonly skipped: readonly string[] };

/** A list for the request and one for its reserved places, both made by the same versions. */
interface Generated {
  readonly main: VersionedList | null;
  readonly cold: VersionedList | null;
}

const NOTHING: Generated = { main: null, cold: null };

/** The live model makes lists, or another version where a request names one; popularity fills what the model leaves open. */
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

  recommendForUser(userId: number, args: RecommendationArgs, signal?: AbortSignal): Promise<RecommendationList> {
    const list = this.listForUser(userId, args, signal);
    return signal ? untilAborted(signal, list) : list;
  }

  async recommendForHistory(
    history: readonly string[],
    args: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<HistoryList> {
    const known = await this.itemIdsOf([...history, ...excludedBy(args)]);
    const items = history.map((externalId) => known.get(externalId)).filter((itemId) => itemId !== undefined);
    const list = await this.listFor(visitorOf(items), args, known, signal);
    return { ...list, skipped: history.filter((externalId) => !known.has(externalId)) };
  }

  private async listForUser(
    userId: number,
    args: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<RecommendationList> {
    const excluded = excludedBy(args);
    const [history, shown, known] = await Promise.all([
      this.historyOf(userId),
      this.shownSince(args.excludeShownSince, userId),
      excluded.length === 0 ? NO_ITEMS : this.itemIdsOf(excluded),
    ]);
    signal?.throwIfAborted();
    return this.listFor(recipientOf(history, shown), args, known, signal);
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
  ): Promise<RecommendationList> {
    const request = await this.requestFor(recipient, args, known);
    const { main, cold } = await this.by(args, (model) => this.generate(model, request, args, signal));
    const generated = withReserved<RecommendationRecord>(main?.recommendations ?? [], coldStarts(cold), args.first);
    const recommendations = [...generated, ...this.popular(request, generated)];
    const isFull = recommendations.length > 0 || args.first === 0;
    return {
      recommendations,
      modelVersionId: main?.modelVersionId ?? null,
      catalogueVersion: main?.catalogueVersion ?? (await this.parts.catalogueVersion()),
      emptyReason: isFull ? null : this.emptyReason(request, new Set(excludedIds(args, known))),
    };
  }

  private by<T>({ modelVersionId }: RecommendationArgs, make: (model: ListModel) => Promise<T>): Promise<T> {
    const { live, named } = this.parts;
    const isLive = modelVersionId == null || modelVersionId === live.lists.modelVersionId;
    return isLive ? make(live) : named.use(modelVersionId, make);
  }

  /** Excluded items are denied, and are no part of the filter: a shop excludes other ones, such as a basket, in each request. */
  private async requestFor(
    { seen, hidden, ...recipient }: Recipient,
    args: RecommendationArgs,
    known: ItemIds,
  ): Promise<RecommendOne> {
    const { filter, includeSeen, oncePerGroup } = args;
    const { filters } = this.parts;
    const allow = await filters.passing({ ...filter, excludeExternalIds: undefined }, oncePerGroup ?? true);
    const denied = [...(includeSeen ? [] : seen), ...hidden, ...excludedIds(args, known)];
    // Who has one size of a shirt wants no other one.
    const alike = (oncePerGroup ?? true) ? filters.alike(denied, allow) : [];
    return {
      ...recipient,
      at: Date.now(),
      first: args.first,
      beamWidth: args.beamWidth ?? BEAM_WIDTH,
      temperature: args.temperature ?? 0,
      seed: args.seed ?? 0,
      allow,
      deny: Int32Array.from(new Set([...denied, ...alike])),
      isSeenKept: includeSeen ?? false,
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
    if (popularity.isEmpty) return 'EMPTY_CATALOGUE';
    const admitted = popularity.top({ allow: allow?.itemIds ?? null, deny: excluded, first: 1 });
    return admitted.length === 0 ? 'FILTER_ADMITS_NOTHING' : 'ALL_SEEN';
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
    return items.map(({ itemId, share }) => ({
      itemId,
      score: Math.log(Math.max(share, MIN_SHARE)),
      source: 'POPULARITY',
      decoderScore: null,
      itemHeadScore: null,
      codes: [],
      logProbabilities: [],
    }));
  }
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

/** @param shown - Items that the list leaves out because the user was shown them. */
export function recipientOf(user: UserHistory | undefined, shown: readonly number[] = []): Recipient {
  if (user === undefined) return { ...visitorOf([]), hidden: new Set(shown) };
  const { externalId, itemIds, seen, dismissed } = user;
  const runs = runsOf(itemIds, (position) => user.timeAt(position)).slice(-MAX_HISTORY);
  return {
    userKey: externalId,
    history: runs.map(({ end }) => itemIds[end - 1]),
    times: runs.map(({ end }) => user.timeAt(end - 1)),
    kinds: runs.map((run) => kindOfRun(run, (position) => kindOf(user.kindAt(position)))),
    seen,
    hidden: shown.length === 0 ? dismissed : new Set([...dismissed, ...shown]),
  };
}

/** A visitor, who has just viewed these items: a shop says no more of them. */
function visitorOf(itemIds: readonly number[]): Recipient {
  const history = runsOf(itemIds).map(({ end }) => itemIds[end - 1]);
  const now = Date.now();
  return {
    userKey: null,
    history,
    times: history.map(() => now),
    kinds: history.map(() => VIEW),
    seen: new Set(itemIds),
    hidden: new Set(),
  };
}

function coldStarts(list: VersionedList | null): RecommendationRecord[] {
  return (list?.recommendations ?? []).map((recommendation) => ({ ...recommendation, source: 'COLD_START' }));
}

/** @returns The recommendations in the order of `near`. */
function nearestFirst(recommendations: readonly Recommendation[], near: readonly NearItem[]): Recommendation[] {
  const byId = new Map(recommendations.map((recommendation) => [recommendation.itemId, recommendation]));
  return near.flatMap(({ itemId }) => byId.get(itemId) ?? []);
}
