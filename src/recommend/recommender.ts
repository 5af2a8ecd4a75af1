/** Makes lists for users and histories: reads what a list depends on, has a model make it, and fills it. */
import { randomInt } from 'node:crypto';

import { MAX_INT } from '../../graphql/common/limits';
import type { Recommender as RecommenderPort } from '../../graphql/context';
import type { KindRuleRecord } from '../../graphql/interaction/records';
import type {
  BecauseRecord,
  ListSubject,
  RecommendationArgs,
  RecommendationList,
  RecommendationRecord,
  SteeredByRecord,
} from '../../graphql/recommendation/records';
import { BEAM_WIDTH } from '../../models/config';
import { KINDS } from '../../models/data/kinds';
import { isAmong } from '../../models/math/arrays';
import type { ListFilter } from '../catalogue/item-lists';
import type { TextShelfFinder } from '../semantic-ids/text-shelves';
import type { RequestReads } from '../storage/request-reads';
import { untilAborted } from '../waiting/promises';
import type { ListBoost, RecommendOne } from '../workers/messages';
import { arrange, type PagePin, pinsOfPage, withRules } from './arranged-list';
import { becauseOf, leavingEachOut, scoresOf } from './because';
import { eligibleColdItems, type ListModel, makeLists, type ModelLists, NO_LISTS } from './cold-items';
import type { DecodePool } from './decode-pool';
import { withRemoved } from './former-state';
import type { ItemFilters } from './item-filters';
import { ListFilling, type Offer, withoutModel } from './list-filling';
import { pageOf } from './list-pages';
import { type ListReading, type ListReadParts, ListReads } from './list-reads';
import { filterOf, type Pin, type PlacementInForce } from './placement-rules';
import type { Popularity } from './popularity';
import { Quotas } from './quotas';
import { shelvesOf, steeringOf } from './steering';
import type { Trending } from './trending';

interface RecommenderParts extends ListReadParts {
  readonly requestReads: ListReadParts['requestReads'] & Pick<RequestReads, 'shelves'>;
  readonly filters: Pick<ItemFilters, 'passing' | 'alike'>;
  readonly popularity: Popularity;
  readonly trending: Pick<Trending, 'ranking'>;
  readonly live: ListModel & { readonly pool: Pick<DecodePool, 'hasManyRepeats'> };
  /** Opens the version that a request names, and has it make lists; see named-version.ts. */
  readonly named: {
    use<T>(modelVersionId: number, make: (model: ListModel) => Promise<T>, formerCatalogue?: number): Promise<T>;
  };
  /** Number of the catalogue's last change. */
  readonly catalogueVersion: () => Promise<number>;
  readonly textShelves: Pick<TextShelfFinder, 'find'>;
}

/** What a model is asked for, and what the placement puts beside it. */
interface ListRequest {
  readonly one: RecommendOne;
  readonly steeredBy: readonly SteeredByRecord[];
  readonly pins: readonly PagePin[];
  /** Pins of later pages, in the order of their places. */
  readonly later: readonly Pin[];
  /** Whether the placement leaves nothing, so that its fallback stands alone. */
  readonly isFallback: boolean;
}

/** The items that a list may have, before pins are looked at. */
interface Scope extends Pick<RecommendOne, 'isSeenKept' | 'allow'>, Pick<ListRequest, 'isFallback'> {
  readonly filter: ListFilter;
  readonly denied: ReadonlySet<number>;
}

/** A request for a list, with all that it is made from. */
export interface Asked extends ListReading {
  readonly request: RecommendOne;
}

/** Where quotas may leave items out, the model is asked for so many times as many, which it has found in any case. */
const SPARE = 2;

/** The live model makes lists, or another version where a request names one; trending and popular items fill what it leaves open. */
export class Recommender implements RecommenderPort {
  private readonly reads: ListReads;
  private readonly filling: ListFilling;

  constructor(private readonly parts: RecommenderParts) {
    this.reads = new ListReads(parts);
    this.filling = new ListFilling(parts);
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
    const read = await this.reads.read(subject, args, signal);
    const reader = readerOf(read.recipient);
    if (reader.history.length === 0 || itemIds.length === 0) return new Map();
    const settings = { at: timeOf(read.args), isSeenKept: this.isSeenKept(read.args) };
    const request = scoresOf(itemIds, { ...reader, ...settings });
    const lists = await this.by(read, async ({ pool, lists }) =>
      pool.modelVersionId === null ? [] : lists.recommend(leavingEachOut(request, this.parts.kinds), signal),
    );
    return lists.length === 0 ? new Map() : becauseOf(request, lists);
  }

  /** All that a list of these arguments is made from, for whoever explains it. */
  async asked(subject: ListSubject, args: RecommendationArgs, signal?: AbortSignal): Promise<Asked> {
    const read = await this.reads.read(subject, args, signal);
    return { ...read, request: (await this.requestFor(read)).one };
  }

  /**
   * Has the version make lists that the request, or its placement, names. One of the placement that cannot be loaded gives way to the
   * active one, so that the page has a list.
   */
  by<T>(
    { args, placement }: Pick<ListReading, 'args' | 'placement'>,
    make: (model: ListModel) => Promise<T>,
  ): Promise<T> {
    const { modelVersionId, former } = args;
    const { live, named } = this.parts;
    if (former != null) return named.use(former.modelVersionId, make, former.catalogueVersion);
    if (modelVersionId == null || modelVersionId === live.pool.modelVersionId) return make(live);
    const made = named.use(modelVersionId, make);
    return modelVersionId === placement.definition.modelVersionId ? made.catch(() => make(live)) : made;
  }

  private async listOf(
    subject: ListSubject,
    requested: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<RecommendationList> {
    const read = await this.reads.read(subject, requested, signal);
    const { args, placement, before, excluded, skippedItems } = read;
    const request = await this.requestFor(read);
    const { one, pins, later, steeredBy, isFallback } = request;
    const { main, cold } = isFallback
      ? NO_LISTS
      : await this.by(read, (model) => this.generate(model, one, args, signal));
    const offers = this.filling.offers(one, placement.definition, args.window);
    const arranged = await arrange({
      ...{ first: args.first, pins, later, offers, cold, denied: one.deny },
      main: main?.recommendations ?? [],
      unscored: (itemId) => withoutModel({ itemId, share: this.parts.popularity.shareOf(itemId) }, 'POPULARITY'),
      quotas: new Quotas(placement.quotas, (itemIds) => this.parts.requestReads.shelves(itemIds)),
    });
    const ofPage = [...pins.map(({ pin }) => pin), ...later];
    const list = {
      recommendations: withRules(arranged, ofPage, placement.boosts, one.boosts ?? []),
      modelVersionId: main?.modelVersionId ?? null,
      catalogueVersion: main?.catalogueVersion ?? (await this.parts.catalogueVersion()),
    };
    return {
      ...{ ...list, skippedItems, placementState: placement.state, includesSeen: one.isSeenKept },
      ...pageOf(list, before, this.hasMore(request, arranged, offers)),
      reason: this.filling.reasonOf(arranged, one, excluded),
      steeredBy: main === null ? [] : steeredBy,
    };
  }

  private async requestFor(read: ListReading): Promise<ListRequest> {
    const { recipient, args, placement } = read;
    const steeredBy = await steeringOf(args, this.parts.textShelves);
    const scope = await this.scopeOf(read);
    const { isSeenKept, isFallback, allow, denied } = scope;
    const { pins, later } = await this.pinsOf(read, scope);
    const pinned = pins.map(({ pin }) => pin.itemId);
    // Who has one size of a shirt wants no other one.
    const alike = (itemIds: Iterable<number>) =>
      args.oncePerGroup === false ? [] : this.parts.filters.alike(itemIds, allow);
    const besidePins = alike(pinned).filter((itemId) => !pinned.includes(itemId));
    const deny = new Set([...denied, ...alike(denied), ...later.map(({ itemId }) => itemId), ...besidePins]);
    const one: RecommendOne = {
      ...{ ...readerOf(recipient), ...shelvesOf(steeredBy), allow, isSeenKept, pinned, deny: Int32Array.from(deny) },
      at: timeOf(args),
      first: args.first,
      beamWidth: args.beamWidth ?? BEAM_WIDTH,
      temperature: args.temperature ?? 0,
      seed: args.seed ?? (args.temperature ? randomInt(MAX_INT) : 0),
      boosts: await this.boostsOf(placement),
      spare: pins.length + (placement.quotas.length > 0 ? SPARE * args.first : 0),
    };
    return { one, steeredBy, pins, later, isFallback };
  }

  private async scopeOf({ recipient, args, placement, excluded }: ListReading): Promise<Scope> {
    const isSeenKept = this.isSeenKept(args);
    const isFallback = await this.leavesNothing(placement);
    const filter = filterOf(args.filter, isFallback ? { ...placement, definition: {} } : placement);
    const passing = await this.parts.filters.passing(filter, args.oncePerGroup ?? true);
    const allow = args.former ? withRemoved(passing, filter, args.former) : passing;
    const denied = new Set([...(isSeenKept ? [] : recipient.seen), ...recipient.hidden, ...excluded]);
    return { isSeenKept, isFallback, filter, allow, denied };
  }

  private async pinsOf({ args, placement, before }: ListReading, { filter, allow, denied }: Scope) {
    const { filters, popularity } = this.parts;
    // A pin may be another one of its group than that which stands for it.
    const pinnable = placement.pins.length > 0 && allow !== null ? await filters.passing(filter, false) : allow;
    const qualifies = ({ itemId }: Pin) =>
      popularity.has(itemId) && !denied.has(itemId) && (pinnable === null || isAmong(pinnable.itemIds, itemId));
    return pinsOfPage(placement.pins.filter(qualifies), before?.itemIds.length ?? 0, args.first);
  }

  private isSeenKept({ includeSeen }: RecommendationArgs): boolean {
    return includeSeen ?? this.parts.live.pool.hasManyRepeats;
  }

  /** Whether no item is left for any list of the placement, whatever its request asks. */
  private async leavesNothing(placement: PlacementInForce): Promise<boolean> {
    if (!placement.definition.options?.filter) return false;
    const left = await this.parts.filters.passing(filterOf(null, placement), false);
    return left?.itemIds.length === 0;
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

  /** @returns No lists when no model is live or the history is empty. */
  private async generate(
    model: ListModel,
    request: RecommendOne,
    { coldStartShare, first }: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<ModelLists> {
    const { pool } = model;
    if (pool.modelVersionId === null || request.history.length === 0) return NO_LISTS;
    const places = pool.knownItems === null ? 0 : Math.round((coldStartShare ?? 0) * first);
    const cold = places === 0 ? [] : this.parts.popularity.coldItems(pool.knownItems!);
    try {
      return await makeLists(model, request, { places, itemIds: eligibleColdItems(cold, request) }, signal);
    } catch (error) {
      if (pool.modelVersionId !== null) throw error;
      return NO_LISTS; // the model was lost meanwhile: the list has popular items, like those after it
    }
  }

  private hasMore(
    { one: { allow, deny, first }, later }: ListRequest,
    listed: readonly RecommendationRecord[],
    offers: readonly Offer[],
  ): boolean {
    if (offers.length === 0 && listed.length < first) return false;
    const itemIds = new Set(listed.map(({ itemId }) => itemId));
    const isLeft = later.some(({ itemId }) => !itemIds.has(itemId));
    const taken = new Set([...deny, ...itemIds]);
    return isLeft || this.parts.popularity.top({ allow: allow?.itemIds ?? null, deny: taken, first: 1 }).length > 0;
  }
}

/** @returns The time that a list is made for, in milliseconds since 1970. */
function timeOf({ former }: RecommendationArgs): number {
  return former?.time.getTime() ?? Date.now();
}

/** @returns The part of it that a worker reads. */
function readerOf({ userKey, history, times, kinds, counts }: ListReading['recipient']) {
  return { userKey, history, times, kinds, counts };
}
