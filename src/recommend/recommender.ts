/** Makes lists for users and histories. The live model makes them; popularity fills what the model leaves open. */
import type { Asker, Recommender as RecommenderPort } from '../../graphql/context';
import type {
  EmptyReason,
  RecommendationArgs,
  RecommendationList,
  RecommendationRecord,
} from '../../graphql/recommendation/records';
import { BEAM_WIDTH, MAX_HISTORY } from '../../models/config';
import { withoutRuns } from '../../models/data/log-changes';
import { rankColdItems, type NearItem, withReserved } from '../../models/decoding/cold-items';
import type { Recommendation } from '../../models/decoding/fusion';
import { valuesOrErrors } from '../errors';
import type { RequestReads, UserHistory } from '../storage/request-reads';
import type { AllowList, VersionedList, RecommendOne } from '../workers/messages';
import { coldCandidates, type ColdItems } from './cold-items';
import type { ItemFilters, RecommendationReads } from './item-filters';
import type { ListQueue } from './list-queue';
import type { Popularity } from './popularity';

/** Used as the share of an item without interactions, since the logarithm of 0 is infinite. */
const MIN_SHARE = 1e-12;

export interface RecommenderParts {
  readonly reads: Pick<RecommendationReads, 'itemIdsOf'>;
  readonly requestReads: Pick<RequestReads, 'histories' | 'shown'>;
  readonly filters: Pick<ItemFilters, 'passing'>;
  readonly popularity: Popularity;
  readonly lists: Pick<ListQueue, 'modelVersionId' | 'knownItems' | 'admit' | 'recommend'>;
  readonly coldItems: Pick<ColdItems, 'nearest'>;
  /** Number of the catalogue's last change. */
  readonly catalogueVersion: () => Promise<number>;
}

/** The user or visitor whom a list is for. */
interface Reader {
  /** Null: an anonymous history. */
  readonly userKey: string | null;
  /** Item ids, oldest first. */
  readonly history: readonly number[];
  readonly seen: ReadonlySet<number>;
  /** What no list of the user has: what the user has dismissed or, where the request asks for that, was shown. */
  readonly hidden: ReadonlySet<number>;
}

/** The items that a list may have. */
interface Eligible {
  /** Null: every live item. */
  readonly allow: AllowList | null;
  /** Those that the request excludes. */
  readonly excluded: ReadonlySet<number>;
  /** These, what no list of the user has and, unless the request includes them, what the user has seen. */
  readonly deny: ReadonlySet<number>;
}

/** External ID → id, of the items that exist among those that a request names. */
type ItemIds = ReadonlyMap<string, number>;

export interface UserRequest {
  readonly userId: number;
  readonly args: RecommendationArgs;
}

/** A list, and the ids of the history that are no items. */
type HistoryList = RecommendationList & { skipped: readonly string[] };

/** A list for the request and one for its reserved places, both made by the same versions. */
interface Generated {
  readonly main: VersionedList | null;
  readonly cold: VersionedList | null;
}

export class Recommender implements RecommenderPort {
  constructor(private readonly parts: RecommenderParts) {}

  /** Handles all users at once, so that they share the decoder's batches. When a user's list fails, its slot has the error. */
  recommendForUsers(requests: readonly UserRequest[], asker: Asker = {}): Promise<(RecommendationList | Error)[]> {
    const lists = requests.reduce((sum, { args }) => sum + countLists(args), 0);
    return this.parts.lists.admit(lists, () => this.listsForUsers(requests, asker), asker.caller);
  }

  recommendForHistory(history: readonly string[], args: RecommendationArgs, asker: Asker = {}): Promise<HistoryList> {
    const lists = history.length === 0 ? 0 : countLists(args);
    return this.parts.lists.admit(lists, () => this.listForHistory(history, args, asker), asker.caller);
  }

  private async listsForUsers(requests: readonly UserRequest[], asker: Asker): Promise<(RecommendationList | Error)[]> {
    const userIds = [...new Set(requests.map(({ userId }) => userId))];
    const histories = await this.parts.requestReads.histories(userIds);
    const shown = await this.shown(requests);
    // Most lists of an operation exclude the same items, which are looked up once.
    const known = await this.parts.reads.itemIdsOf(requests.flatMap(({ args }) => excludedBy(args)));
    const lists = requests.map((request) => {
      const reader = withShown(readerOf(histories.get(request.userId)), shown.get(request));
      return this.listFor(reader, request.args, known, asker);
    });
    const settled = await Promise.allSettled(lists);
    return valuesOrErrors(settled);
  }

  /** @returns What each request leaves out because its user was shown it; nothing for requests that do not ask for that. */
  private async shown(requests: readonly UserRequest[]): Promise<Map<UserRequest, number[]>> {
    const asking = requests.filter(({ args }) => args.excludeShownSince != null);
    const shown = await this.parts.requestReads.shown([...new Set(asking.map(({ userId }) => userId))]);
    const itemsOf = ({ userId, args }: UserRequest) =>
      (shown.get(userId) ?? []).filter(({ at }) => at >= args.excludeShownSince!.getTime()).map(({ itemId }) => itemId);
    return new Map(asking.map((request) => [request, itemsOf(request)]));
  }

  private async listForHistory(
    history: readonly string[],
    args: RecommendationArgs,
    asker: Asker,
  ): Promise<HistoryList> {
    const known = await this.parts.reads.itemIdsOf([...history, ...excludedBy(args)]);
    const items = history.map((externalId) => known.get(externalId)).filter((itemId) => itemId !== undefined);
    const reader = { userKey: null, history: withoutRuns(items), seen: new Set(items), hidden: new Set<number>() };
    const list = await this.listFor(reader, args, known, asker);
    return { ...list, skipped: history.filter((externalId) => !known.has(externalId)) };
  }

  private async listFor(
    reader: Reader,
    args: RecommendationArgs,
    known: ItemIds,
    asker: Asker,
  ): Promise<RecommendationList> {
    const eligible = await this.eligible(reader, args, known, asker.signal);
    const { main, cold } = await this.generate(reader, args, eligible, asker).catch((error: unknown) =>
      this.orLost(error),
    );
    const generated = withReserved<RecommendationRecord>(main?.recommendations ?? [], coldStarts(cold), args.first);
    const recommendations = [...generated, ...this.popular(eligible, generated, args.first)];
    return {
      recommendations,
      modelVersionId: main?.modelVersionId ?? null,
      catalogueVersion: main?.catalogueVersion ?? (await this.parts.catalogueVersion()),
      emptyReason: recommendations.length > 0 || args.first === 0 ? null : this.emptyReason(eligible),
    };
  }

  /** Excluded items are denied, and are no part of the filter: a shop excludes other ones, such as a basket, in each request. */
  private async eligible(
    { seen, hidden }: Reader,
    args: RecommendationArgs,
    known: ItemIds,
    signal?: AbortSignal,
  ): Promise<Eligible> {
    const { filter, includeSeen } = args;
    const rest = { ...filter, excludeExternalIds: undefined };
    const asksForMore = Object.values(rest).some((value) => value !== null && value !== undefined);
    const excluded = excludedBy(args).flatMap((externalId) => known.get(externalId) ?? []);
    return {
      allow: asksForMore ? await this.parts.filters.passing(rest, signal) : null,
      excluded: new Set(excluded),
      deny: new Set([...(includeSeen ? [] : seen), ...hidden, ...excluded]),
    };
  }

  /** @returns No lists when no model is live or the history is empty. */
  private async generate(
    { userKey, history }: Reader,
    args: RecommendationArgs,
    eligible: Eligible,
    asker: Asker,
  ): Promise<Generated> {
    if (this.parts.lists.modelVersionId === null || history.length === 0) return { main: null, cold: null };
    const request: RecommendOne = {
      userKey,
      history,
      first: args.first,
      beamWidth: args.beamWidth ?? BEAM_WIDTH,
      temperature: args.temperature ?? 0,
      seed: args.seed ?? 0,
      allow: eligible.allow,
      deny: Int32Array.from(eligible.deny),
      isSeenKept: args.includeSeen ?? false,
    };
    const places = coldPlaces(args);
    const coldItemIds = places === 0 ? new Int32Array(0) : this.eligibleColdItems(eligible);
    if (coldItemIds.length > 0) return this.withColdItems(request, coldItemIds, places, asker);
    const [main] = await this.parts.lists.recommend([request], asker);
    return { main, cold: null };
  }

  /** If the model is lost while a list is made, the list has popular items, like those after it. */
  private orLost(error: unknown): Generated {
    if (this.parts.lists.modelVersionId !== null) throw error;
    return { main: null, cold: null };
  }

  private async withColdItems(
    request: RecommendOne,
    coldItemIds: Int32Array,
    places: number,
    asker: Asker,
  ): Promise<Generated> {
    const near = await this.parts.coldItems.nearest(request.history, coldItemIds, places);
    const itemIds = near === null ? coldItemIds : Int32Array.from(near, ({ itemId }) => itemId);
    const first = near === null ? places : near.length;
    const coldRequest = { ...request, first, allow: { id: null, itemIds } };
    const [main, cold] = await this.parts.lists.recommend([request, coldRequest], asker);
    const keepsOrder = near === null || request.temperature > 0; // a sampled list stays in the order drawn
    const ranked = keepsOrder ? cold.recommendations : byScoreAndNearness(cold.recommendations, near);
    return { main, cold: { ...cold, recommendations: ranked.slice(0, places) } };
  }

  /** @returns Ascending: see `coldCandidates`. */
  private eligibleColdItems({ allow, deny }: Eligible): Int32Array {
    const { knownItems, modelVersionId } = this.parts.lists;
    if (knownItems === null) return new Int32Array(0);
    return coldCandidates(this.parts.popularity.coldItems(knownItems), {
      allow: allow?.itemIds ?? null,
      qualifies: (itemId) => !deny.has(itemId),
      turn: modelVersionId ?? 0,
    });
  }

  private emptyReason({ allow, excluded }: Eligible): EmptyReason {
    const { popularity } = this.parts;
    if (popularity.isEmpty) return 'EMPTY_CATALOGUE';
    const admitted = popularity.top({ allow: allow?.itemIds ?? null, deny: excluded, first: 1 });
    return admitted.length === 0 ? 'FILTER_ADMITS_NOTHING' : 'ALL_SEEN';
  }

  /** @returns The most popular eligible items that are not in the list yet: as many as it lacks to have `first`. */
  private popular(
    { allow, deny }: Eligible,
    present: readonly RecommendationRecord[],
    first: number,
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

function excludedBy({ filter }: RecommendationArgs): readonly string[] {
  return filter?.excludeExternalIds ?? [];
}

/** @returns How many places of a list are reserved for cold items. */
function coldPlaces({ coldStartShare, first }: RecommendationArgs): number {
  return Math.round((coldStartShare ?? 0) * first);
}

/** @returns How many lists the model makes for a request with a history: one more for its reserved places. */
function countLists(args: RecommendationArgs): number {
  return coldPlaces(args) > 0 ? 2 : 1;
}

/** @returns What a list is made from. */
export function readerOf(user: UserHistory | undefined): Reader {
  if (user === undefined) return { userKey: null, history: [], seen: new Set(), hidden: new Set() };
  const { externalId, itemIds, seen, dismissed } = user;
  const history = withoutRuns(itemIds, (position) => user.timeAt(position)).slice(-MAX_HISTORY);
  return { userKey: externalId, history, seen, hidden: dismissed };
}

function withShown(reader: Reader, shown: readonly number[] = []): Reader {
  return shown.length === 0 ? reader : { ...reader, hidden: new Set([...reader.hidden, ...shown]) };
}

function coldStarts(list: VersionedList | null): RecommendationRecord[] {
  return (list?.recommendations ?? []).map((recommendation) => ({ ...recommendation, source: 'COLD_START' }));
}

/** Ranks by the decoder's score and the nearness of the text together. */
function byScoreAndNearness(recommendations: readonly Recommendation[], near: readonly NearItem[]): Recommendation[] {
  const byId = new Map(recommendations.map((recommendation) => [recommendation.itemId, recommendation]));
  const ranked = rankColdItems(near, (itemId) => byId.get(itemId)?.decoderScore ?? null);
  return ranked.flatMap((itemId) => byId.get(itemId) ?? []);
}
