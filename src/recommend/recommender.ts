/** Makes lists for users and histories. The live model makes them; popularity fills what the model leaves open. */
import type { Recommender as RecommenderPort } from '../../graphql/context';
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
import type { VersionedList, RecommendOne } from '../workers/messages';
import { coldCandidates, type ColdItems } from './cold-items';
import type { ItemFilters } from './item-filters';
import type { Popularity } from './popularity';
import type { ListQueue } from './queue';

/** Used as the share of an item without interactions, since the logarithm of 0 is infinite. */
const MIN_SHARE = 1e-12;

export interface RecommenderParts {
  /** @returns External ID → id, of the items that exist, removed ones too. */
  readonly itemIdsOf: (externalIds: readonly string[]) => Promise<ItemIds>;
  readonly requestReads: Pick<RequestReads, 'histories' | 'shown'>;
  readonly filters: Pick<ItemFilters, 'passing' | 'alike'>;
  readonly popularity: Popularity;
  readonly lists: Pick<ListQueue, 'modelVersionId' | 'knownItems' | 'recommend'>;
  readonly coldItems: Pick<ColdItems, 'nearest'>;
  /** Number of the catalogue's last change. */
  readonly catalogueVersion: () => Promise<number>;
}

/** External ID → id, of the items that exist among those that a request names. */
type ItemIds = ReadonlyMap<string, number>;

/** The user or visitor whom a list is for. */
interface Recipient {
  /** Null: an anonymous history. */
  readonly userKey: string | null;
  /** Item ids, oldest first. */
  readonly history: readonly number[];
  readonly seen: ReadonlySet<number>;
  /** Items that no list of the user has: they were dismissed or, where the request asks for that, shown. */
  readonly hidden: ReadonlySet<number>;
}

export interface UserRequest {
  readonly userId: number;
  readonly args: RecommendationArgs;
}

/** A list, and the ids of the history that are no items. */
export type HistoryList = RecommendationList & { readonly skipped: readonly string[] };

/** A list for the request and one for its reserved places, both made by the same versions. */
interface Generated {
  readonly main: VersionedList | null;
  readonly cold: VersionedList | null;
}

const NOTHING: Generated = { main: null, cold: null };

export class Recommender implements RecommenderPort {
  constructor(private readonly parts: RecommenderParts) {}

  /**
   * Handles all users at once, so that they share the decoder's batches. When a user's list fails, its slot has the error.
   *
   * @param signal - When it is aborted, lists that wait are not made: their slots have its reason.
   */
  async recommendForUsers(
    requests: readonly UserRequest[],
    signal?: AbortSignal,
  ): Promise<(RecommendationList | Error)[]> {
    const userIds = [...new Set(requests.map(({ userId }) => userId))];
    const histories = await this.parts.requestReads.histories(userIds);
    const shown = await this.shown(requests);
    // Most lists of an operation exclude the same items, which are looked up once.
    const known = await this.parts.itemIdsOf(requests.flatMap(({ args }) => excludedBy(args)));
    const lists = requests.map((request) => {
      const user = recipientOf(histories.get(request.userId), shown.get(request));
      return this.listFor(user, request.args, known, signal);
    });
    const settled = await Promise.allSettled(lists);
    return valuesOrErrors(settled);
  }

  async recommendForHistory(
    history: readonly string[],
    args: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<HistoryList> {
    const known = await this.parts.itemIdsOf([...history, ...excludedBy(args)]);
    const items = history.map((externalId) => known.get(externalId)).filter((itemId) => itemId !== undefined);
    const visitor = { userKey: null, history: withoutRuns(items), seen: new Set(items), hidden: new Set<number>() };
    const list = await this.listFor(visitor, args, known, signal);
    return { ...list, skipped: history.filter((externalId) => !known.has(externalId)) };
  }

  /** @returns The items that each request leaves out because its user was shown them; none for requests that do not ask for that. */
  private async shown(requests: readonly UserRequest[]): Promise<Map<UserRequest, number[]>> {
    const asking = requests.filter(({ args }) => args.excludeShownSince != null);
    const shown = await this.parts.requestReads.shown([...new Set(asking.map(({ userId }) => userId))]);
    const itemsOf = ({ userId, args }: UserRequest) =>
      (shown.get(userId) ?? []).filter(({ at }) => at >= args.excludeShownSince!.getTime()).map(({ itemId }) => itemId);
    return new Map(asking.map((request) => [request, itemsOf(request)]));
  }

  private async listFor(
    recipient: Recipient,
    args: RecommendationArgs,
    known: ItemIds,
    signal?: AbortSignal,
  ): Promise<RecommendationList> {
    const request = await this.requestFor(recipient, args, known);
    const { main, cold } = await this.generate(request, args, signal);
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

  /** Excluded items are denied, and are no part of the filter: a shop excludes other ones, such as a basket, in each request. */
  private async requestFor(
    { userKey, history, seen, hidden }: Recipient,
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
      userKey,
      history,
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
  private async generate(request: RecommendOne, args: RecommendationArgs, signal?: AbortSignal): Promise<Generated> {
    const { lists } = this.parts;
    if (lists.modelVersionId === null || request.history.length === 0) return NOTHING;
    const places = coldPlaces(args);
    const coldItemIds = places === 0 ? new Int32Array(0) : this.eligibleColdItems(request);
    try {
      if (coldItemIds.length > 0) return await this.withColdItems(request, coldItemIds, places, signal);
      const [main] = await lists.recommend([request], signal);
      return { main, cold: null };
    } catch (error) {
      if (lists.modelVersionId !== null) throw error;
      return NOTHING; // the model was lost meanwhile: the list has popular items, like those after it
    }
  }

  private async withColdItems(
    request: RecommendOne,
    coldItemIds: Int32Array,
    places: number,
    signal?: AbortSignal,
  ): Promise<Generated> {
    const near = await this.parts.coldItems.nearest(request.history, coldItemIds, places);
    const itemIds = near === null ? coldItemIds : Int32Array.from(near, ({ itemId }) => itemId);
    const first = near === null ? places : near.length;
    const coldRequest = { ...request, first, allow: { id: null, itemIds } };
    const [main, cold] = await this.parts.lists.recommend([request, coldRequest], signal);
    const keepsOrder = near === null || request.temperature > 0; // a sampled list stays in the order drawn
    const ranked = keepsOrder ? cold.recommendations : byScoreAndNearness(cold.recommendations, near);
    return { main, cold: { ...cold, recommendations: ranked.slice(0, places) } };
  }

  /** @returns Ascending: see `coldCandidates`. */
  private eligibleColdItems({ allow, deny }: RecommendOne): Int32Array {
    const { knownItems, modelVersionId } = this.parts.lists;
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
  if (user === undefined) return { userKey: null, history: [], seen: new Set(), hidden: new Set(shown) };
  const { externalId, itemIds, seen, dismissed } = user;
  const history = withoutRuns(itemIds, (position) => user.timeAt(position)).slice(-MAX_HISTORY);
  return {
    userKey: externalId,
    history,
    seen,
    hidden: shown.length === 0 ? dismissed : new Set([...dismissed, ...shown]),
  };
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
