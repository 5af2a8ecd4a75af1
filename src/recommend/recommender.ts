/** Turns users and histories into lists: by the model where one is live, by popularity until then and where it knows nothing. */
import type { Recommender as RecommenderPort } from '../../graphql/context';
import type {
  EmptyReason,
  RecommendationArgs,
  RecommendationList,
  RecommendationRecord,
  RecommendationSource,
} from '../../graphql/recommendation/records';
import { rankNewItems, type NearItem } from '../../models/decoding/cold-items';
import { withReserved } from '../../models/decoding/reserved-slots';
import type { RequestReads, UserHistory } from '../storage/request-reads';
import type { AllowList, RecommendedItem, RecommendOne } from '../workers/messages';
import type { NewItems } from './cold-items';
import type { ItemFilters } from './item-filters';
import type { LiveList, LiveModel } from './live-model';
import type { Popularity } from './popularity';
import type { RecommendationReads } from './recommendation-reads';

/** Items of history that any model is given; each reads as many of the newest as it was trained for. */
const MAX_HISTORY = 100;
const DEFAULT_BEAM_SIZE = 20;
/** Stands for the share of an item that nobody has bought, whose logarithm would be infinite. */
const SMALLEST_SHARE = 1e-12;

export interface RecommenderParts {
  readonly reads: Pick<RecommendationReads, 'itemIdsOf'>;
  readonly requestReads: Pick<RequestReads, 'histories'>;
  readonly filters: ItemFilters;
  readonly popularity: Popularity;
  readonly live: LiveModel;
  readonly newItems: Pick<NewItems, 'nearest'>;
  /** Number of the catalogue's last change. */
  readonly catalogueVersion: () => Promise<number>;
}

/** Whom a list is for. */
interface Reader {
  /** Null: nobody in particular. */
  readonly userKey: string | null;
  /** Item ids, oldest first. */
  readonly history: readonly number[];
  readonly seen: ReadonlySet<number>;
}

/** What may stand in a list. */
interface Candidates {
  /** Null: every live item. */
  readonly allow: AllowList | null;
  readonly deny: ReadonlySet<number>;
}

type Entry = Omit<RecommendationRecord, 'rank'>;

export class Recommender implements RecommenderPort {
  constructor(private readonly parts: RecommenderParts) {}

  /** All users at once, so that they share the decoder's batches. A user's failure is in that user's slot. */
  async recommendForUsers(
    requests: readonly { readonly userId: number; readonly args: RecommendationArgs }[],
  ): Promise<(RecommendationList | Error)[]> {
    const userIds = [...new Set(requests.map(({ userId }) => userId))];
    const histories = await this.parts.requestReads.histories(userIds);
    const lists = requests.map(({ userId, args }) => this.listFor(readerOf(histories.get(userId)), args));
    const settled = await Promise.allSettled(lists);
    return settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error)));
  }

  async recommendForHistory(
    history: readonly string[],
    args: RecommendationArgs,
  ): Promise<RecommendationList & { skipped: readonly string[] }> {
    const known = await this.parts.reads.itemIdsOf(history);
    const items = history.map((externalId) => known.get(externalId)).filter((itemId) => itemId !== undefined);
    const list = await this.listFor({ userKey: null, history: items, seen: new Set(items) }, args);
    return { ...list, skipped: history.filter((externalId) => !known.has(externalId)) };
  }

  private async listFor(reader: Reader, args: RecommendationArgs): Promise<RecommendationList> {
    const candidates = {
      allow: args.filter ? await this.parts.filters.passing(args.filter) : null,
      deny: args.includeSeen ? new Set<number>() : reader.seen,
    };
    const [main, fresh] = await this.generate(reader, args, candidates);
    const known = withReserved(entries(main, headOf), entries(fresh, coldStart), args.first);
    const list = [...known, ...this.popular(candidates, known, args.first)];
    return {
      recommendations: list.map((entry, i) => ({ ...entry, rank: i + 1 })),
      modelVersionId: main?.modelVersionId ?? null,
      catalogueVersion: main?.catalogueVersion ?? (await this.parts.catalogueVersion()),
      emptyReason: list.length > 0 || args.first === 0 ? null : this.emptyReason(candidates),
    };
  }

  /** @returns The list and its cold items, made by one version; nothing while no model is live or for no history. */
  private async generate(
    { userKey, history }: Reader,
    args: RecommendationArgs,
    candidates: Candidates,
  ): Promise<(LiveList | undefined)[]> {
    if (this.parts.live.modelVersionId === null || history.length === 0) return [];
    const { temperature, seed, beamWidth } = args;
    const places = Math.round((args.coldStartShare ?? 0) * args.first);
    const main: RecommendOne = {
      userKey,
      history,
      first: args.first,
      beamSize: beamWidth ?? DEFAULT_BEAM_SIZE,
      temperature: temperature ?? 0,
      seed: seed ?? 0,
      allow: candidates.allow,
      deny: Int32Array.from(candidates.deny),
    };
    return places === 0 ? this.parts.live.recommend([main]) : this.withColdItems(main, candidates, places);
  }

  private async withColdItems(main: RecommendOne, candidates: Candidates, places: number): Promise<LiveList[]> {
    const cold = this.coldItems(candidates);
    if (cold.length === 0) return this.parts.live.recommend([main]);
    const near = await this.parts.newItems.nearest(main.history, cold, places);
    const itemIds = near === null ? cold : Int32Array.from(near, ({ itemId }) => itemId);
    const fresh = { ...main, first: near === null ? places : near.length, allow: { id: null, itemIds } };
    const [list, written] = await this.parts.live.recommend([main, fresh]);
    // What is sampled stands in the order drawn.
    const items = near === null || main.temperature > 0 ? written.items : inOrder(written.items, near);
    return [list, { ...written, items: items.slice(0, places) }];
  }

  private coldItems({ allow, deny }: Candidates): Int32Array {
    const allowed = allow === null ? null : new Set(allow.itemIds);
    const cold = this.parts.popularity.coldItems();
    return Int32Array.from(cold.filter((itemId) => !deny.has(itemId) && (allowed === null || allowed.has(itemId))));
  }

  private emptyReason({ allow }: Candidates): EmptyReason {
    if (this.parts.popularity.isEmpty) return 'EMPTY_CATALOGUE';
    return allow?.itemIds.length === 0 ? 'FILTER_ADMITS_NOTHING' : 'ALL_SEEN';
  }

  /** Fills the list up to `first` with the most popular items that may stand in it and do not yet. */
  private popular({ allow, deny }: Candidates, present: readonly Entry[], first: number): Entry[] {
    if (present.length >= first) return [];
    const items = this.parts.popularity.top({
      allow: allow === null ? null : new Set(allow.itemIds),
      deny: new Set([...deny, ...present.map(({ itemId }) => itemId)]),
      first: first - present.length,
    });
    return items.map(({ itemId, share }) => ({
      itemId,
      score: Math.log(Math.max(share, SMALLEST_SHARE)),
      source: 'POPULARITY',
      decoderScore: null,
      itemHeadScore: null,
      steps: [],
    }));
  }
}

function readerOf(user: UserHistory | undefined): Reader {
  if (user === undefined) return { userKey: null, history: [], seen: new Set() };
  const { externalId, itemIds } = user;
  return { userKey: externalId, history: itemIds.slice(-MAX_HISTORY), seen: new Set(itemIds) };
}

function entries(list: LiveList | undefined, sourceOf: (item: RecommendedItem) => RecommendationSource): Entry[] {
  return (list?.items ?? []).map((item) => {
    const { itemId, score, decoderScore, itemHeadScore } = item;
    return { itemId, score, source: sourceOf(item), decoderScore, itemHeadScore, steps: stepsOf(item) };
  });
}

/** By the decoder and by nearness together. */
function inOrder(items: readonly RecommendedItem[], near: readonly NearItem[]): RecommendedItem[] {
  const byId = new Map(items.map((item) => [item.itemId, item]));
  const ranked = rankNewItems(near, (itemId) => byId.get(itemId)?.decoderScore ?? null);
  return ranked.flatMap((itemId) => byId.get(itemId) ?? []);
}

function headOf({ isMostlyGenerated }: RecommendedItem): RecommendationSource {
  return isMostlyGenerated ? 'GENERATED' : 'ITEM_HEAD';
}

function coldStart(): RecommendationSource {
  return 'COLD_START';
}

function stepsOf({ codes, logProbabilities }: RecommendedItem): Entry['steps'] {
  return codes.map((code, level) => ({ level, code, logProbability: logProbabilities[level] }));
}
