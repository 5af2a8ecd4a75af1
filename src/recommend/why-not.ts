/** Says why a list does not have an item: what hides it, where the search lost it, and what would have changed that. */
import type { Catalogue, Explanations } from '../../graphql/context';
import type { SeenEventRecord, WhyNotReason, WhyNotRecord, WouldHelpRecord } from '../../graphql/explanation/records';
import type { WhyNotChange } from '../../graphql/explanation/types';
import type { ItemRecord } from '../../graphql/item/records';
import type { ListSubject, RecommendationArgs, RecommendationList } from '../../graphql/recommendation/records';
import { type KindRules, kindOf, ruleOf } from '../../models/data/kinds';
import { isAmong, joinArrays } from '../../models/math/arrays';
import { isAvailable } from '../storage/item-columns';
import type { RecommendOne, VersionedList } from '../workers/messages';
import { scoresOf } from './because';
import type { ListModel } from './cold-items';
import type { ItemFilters } from './item-filters';
import { filterOf } from './placement-rules';
import type { Popularity } from './popularity';
import type { Asked, Recommender } from './recommender';

/** The whole catalogue is ranked so far: a list of more items takes more than a second of a worker. */
const MAX_RANKED = 5_000;
/** The widest beam and, with it, the longest list that is tried. */
const [MAX_WIDTH, MAX_LENGTH] = [200, 500];

interface WhyNotParts {
  readonly recommender: Pick<Recommender, 'recommend' | 'asked' | 'by'>;
  readonly filters: Pick<ItemFilters, 'failing' | 'alike'>;
  readonly catalogue: Pick<Catalogue, 'item'>;
  readonly popularity: Pick<Popularity, 'size'>;
  readonly kinds: KindRules;
}

/** Reasons that hide an item from a list, whatever the model thinks of it. */
interface Barriers {
  readonly reasons: WhyNotReason[];
  readonly conditions: readonly string[];
  readonly seen: SeenEventRecord | null;
  readonly groupItemId: number | null;
}

/** The item by the model that makes the list. */
interface ByModel extends Pick<WhyNotRecord, 'score' | 'lastScore' | 'place' | 'beam'> {
  /** Why the list would not have it if nothing hid it; null: it would. */
  readonly reason: WhyNotReason | null;
  readonly wouldHelp: readonly WouldHelpRecord[];
}

const WITHOUT_MODEL: ByModel = {
  ...{ reason: 'NO_MODEL', score: null, lastScore: null, place: null, beam: null },
  wouldHelp: [
    {
      change: 'GIVE_HISTORY',
      text: 'A model makes lists once one is active and the history has an item that it knows.',
    },
  ],
};

export class WhyNot implements Pick<Explanations, 'whyNot'> {
  constructor(private readonly parts: WhyNotParts) {}

  async whyNot(
    subject: ListSubject,
    given: RecommendationArgs,
    externalId: string,
    signal?: AbortSignal,
  ): Promise<WhyNotRecord | null> {
    const item = await this.parts.catalogue.item(externalId);
    if (item === null) return null;
    const args = { ...given, temperature: 0 }; // a draw has no reasons
    const { recommender } = this.parts;
    const [list, asked] = await Promise.all([
      recommender.recommend(subject, args, signal),
      recommender.asked(subject, args, signal),
    ]);
    const isListed = list.recommendations.some(({ itemId }) => itemId === item.id);
    const barriers = isListed ? NO_BARRIERS : await this.barriersTo(item, asked);
    const byModel = await this.byModel(item.id, { list, asked, signal });
    return {
      ...toRecord(item.id, barriers, byModel, isListed ? placeIn(list, item.id, list.position) : null),
      rank: () => this.rankOf(item.id, asked, signal),
    };
  }

  private async barriersTo(item: ItemRecord, asked: Asked): Promise<Barriers> {
    const { request, args, placement, recipient, user, shown, session, before } = asked;
    const { id } = item;
    const isRemoved = item.removedAt !== null;
    const filter = { ...filterOf(args.filter, placement), excludeExternalIds: args.filter?.excludeExternalIds };
    const failing = isRemoved ? [] : await this.parts.filters.failing(filter, id);
    const conditions = failing.filter((name) => name !== 'and' && name !== 'none'); // those are the placement's
    const isSeen = !request.isSeenKept && recipient.seen.has(id);
    const reasons: WhyNotReason[] = [
      ...(isRemoved ? (['REMOVED'] as const) : []),
      ...(isAvailable(item) ? [] : (['UNAVAILABLE'] as const)),
      ...(conditions.length > 0 ? (['FILTER'] as const) : []),
      ...(conditions.length < failing.length ? (['PLACEMENT'] as const) : []),
      ...(isSeen ? (['SEEN'] as const) : []),
      ...(user?.dismissed.has(id) ? (['DISMISSED'] as const) : []),
      ...(shown.includes(id) ? (['SHOWN'] as const) : []),
      ...(before?.itemIds.includes(id) ? (['EARLIER_PAGE'] as const) : []),
    ];
    // Whatever else keeps an item out is another one of its group.
    const isHidden = request.deny.includes(id) || (request.allow !== null && !isAmong(request.allow.itemIds, id));
    if (reasons.length > 0 || !isHidden)
      return { reasons, conditions, seen: isSeen ? this.seenEvent(id, asked, session) : null, groupItemId: null };
    if (placement.pins.some(({ itemId }) => itemId === id)) return { ...NO_BARRIERS, reasons: ['PLACEMENT'] }; // on a later page
    return { ...NO_BARRIERS, reasons: ['GROUP'], groupItemId: this.standIn(id, request) };
  }

  private seenEvent(itemId: number, { user }: Asked, session: readonly number[]): SeenEventRecord | null {
    if (session.includes(itemId)) return { kind: 'VIEW', at: new Date() };
    const hides = (position: number) => ruleOf(kindOf(user!.kindAt(position)), this.parts.kinds).hidesItem;
    const at = user?.itemIds.findLastIndex((id, position) => id === itemId && hides(position)) ?? -1;
    return at === -1 ? null : { kind: user!.kindAt(at), at: new Date(user!.timeAt(at)) };
  }

  /** @returns Another item of its group, which is in the list's reach, or is left out. */
  private standIn(itemId: number, { allow, deny }: RecommendOne): number | null {
    const { filters } = this.parts;
    const listed = filters.alike([itemId], allow).find((id) => id !== itemId);
    return listed ?? [...deny].find((id) => id !== itemId && filters.alike([id], allow).includes(itemId)) ?? null;
  }

  private byModel(itemId: number, { list, asked, signal }: Explained): Promise<ByModel> {
    const { request, placement } = asked;
    if (list.modelVersionId === null || request.history.length === 0) return Promise.resolve(WITHOUT_MODEL);
    return this.parts.recommender.by(asked, async ({ lists }) => {
      const last = list.recommendations.findLast(isModelMade)?.itemId ?? null;
      const free: RecommendOne = { ...admitting(itemId, request), ...{ spare: 0, pinned: [], watched: itemId } };
      const scoring = scoresOf(last === null ? [itemId] : [itemId, last], request);
      const isMoved = request.shelves !== undefined || placement.boosts.length > 0;
      const unsteered = isMoved ? [{ ...free, shelves: undefined, boosts: undefined }] : [];
      const [found, scored, straight] = await lists.recommend([free, scoring, ...unsteered], signal);
      const score = scoreIn(scored, itemId);
      const known = {
        score,
        lastScore: last && scoreIn(scored, last),
        place: placeIn(found, itemId, list.position),
        beam: null,
      };
      // A list that would have it, and does not, has others by its pins and quotas.
      const isOusted = placement.pins.length + placement.quotas.length > 0;
      if (known.place !== null) return { ...known, reason: isOusted ? 'PLACEMENT' : null, wouldHelp: [] };
      if (score === null) return { ...known, reason: 'NO_CODES', wouldHelp: [GIVE_CODES] };
      const { dropped: beam = null, recommendations } = found;
      const before = straight && placeIn(straight, itemId, list.position);
      if (before != null && request.shelves === undefined) return { ...known, reason: 'PLACEMENT', wouldHelp: [] };
      if (before != null) return { ...known, reason: 'STEERED', wouldHelp: [notSteered(before)] };
      const isLost = beam !== null && score > recommendations[recommendations.length - 1].score;
      const wider = isLost ? await widerBeams(free, lists, signal) : [];
      // A wider beam finds others too, which may be likelier.
      const wouldHelp = wider.length > 0 ? wider : await longerList(free, lists, list.position, signal);
      return { ...known, reason: isLost ? 'BEAM' : 'LESS_LIKELY', beam: isLost ? beam : null, wouldHelp };
    });
  }

  private async rankOf(itemId: number, asked: Asked, signal?: AbortSignal) {
    const { request } = asked;
    if (request.history.length === 0) return null;
    const first = Math.min(MAX_RANKED, this.parts.popularity.size);
    const unmoved = { shelves: undefined, boosts: undefined, pinned: undefined };
    const all: RecommendOne = { ...request, ...unmoved, first, allow: null, deny: new Int32Array(0) };
    return this.parts.recommender.by(asked, async ({ pool, lists }) => {
      if (pool.modelVersionId === null) return null;
      const [ranking] = await lists.recommend([all], signal);
      return placeIn(ranking, itemId);
    });
  }
}

const NO_BARRIERS: Barriers = { reasons: [], conditions: [], seen: null, groupItemId: null };

interface Explained {
  readonly list: RecommendationList;
  readonly asked: Asked;
  readonly signal?: AbortSignal;
}

function isModelMade({ source }: RecommendationList['recommendations'][number]): boolean {
  return source !== 'TRENDING' && source !== 'POPULARITY';
}

/** The same request, from which nothing hides the item. */
function admitting(itemId: number, request: RecommendOne): RecommendOne {
  const { allow, deny } = request;
  const isAllowed = allow === null || isAmong(allow.itemIds, itemId);
  return {
    ...request,
    allow: isAllowed ? allow : { id: null, itemIds: joinArrays(Int32Array, [allow.itemIds, Int32Array.of(itemId)]) },
    deny: deny.filter((id) => id !== itemId),
  };
}

/** @param before - The items of the pages before. */
function placeIn(
  { recommendations }: Pick<VersionedList, 'recommendations'> | RecommendationList,
  itemId: number,
  before = 0,
): number | null {
  const index = recommendations.findIndex((one) => one.itemId === itemId);
  return index === -1 ? null : before + index + 1;
}

function scoreIn({ recommendations }: VersionedList, itemId: number): number | null {
  return recommendations.find((one) => one.itemId === itemId)?.score ?? null;
}

const GIVE_CODES: WouldHelpRecord = {
  change: 'GIVE_CODES',
  text: 'With codes of the tokenizer of the version that makes the list, the model could write it: reassignSemanticIds gives an item codes of the active one.',
};

function notSteered(place: number): WouldHelpRecord {
  return { change: 'NO_STEERING', text: `Without \`more\`, \`less\` and \`steer\` it is number ${place}.` };
}

/** Twice as wide each time. */
async function widerBeams(
  free: RecommendOne,
  lists: ListModel['lists'],
  signal?: AbortSignal,
): Promise<WouldHelpRecord[]> {
  const widths: number[] = [];
  for (let width = 2 * Math.max(free.first, free.beamWidth); width < MAX_WIDTH; width *= 2) widths.push(width);
  widths.push(MAX_WIDTH);
  const found = await lists.recommend(
    widths.map((beamWidth) => ({ ...free, beamWidth })),
    signal,
  );
  const kept = found.findIndex((list) => placeIn(list, free.watched!) !== null);
  return kept === -1 ? [] : [{ change: 'WIDER_BEAM', text: `beamWidth ${widths[kept]} keeps it.` }];
}

async function longerList(
  free: RecommendOne,
  lists: ListModel['lists'],
  before: number,
  signal?: AbortSignal,
): Promise<WouldHelpRecord[]> {
  const [long] = await lists.recommend([{ ...free, first: MAX_LENGTH }], signal);
  const place = placeIn(long, free.watched!, before);
  return place === null ? [] : [{ change: 'LONGER_LIST', text: `A list of ${place} items has it.` }];
}

/** A clause for each reason, and the change that lifts it, where there is one. */
const BARRIERS: Partial<Record<WhyNotReason, readonly [string] | readonly [string, WhyNotChange, string]>> = {
  REMOVED: ['it is removed from the catalogue', 'RESTORE_ITEM', 'restoreItems brings it back.'],
  UNAVAILABLE: [
    'it is out of stock, or outside of its dates',
    'MAKE_AVAILABLE',
    'Lists have it once it is in stock and within its dates.',
  ],
  FILTER: [
    'it does not meet the filter',
    'DROP_CONDITION',
    'The filter without the conditions that it does not meet lets it in.',
  ],
  PLACEMENT: [
    'the filter or a rule of the placement keeps it out, or moves others before it',
    'CHANGE_PLACEMENT',
    'The placement without that lets it in: savePlacement.',
  ],
  SEEN: ['the user has it', 'INCLUDE_SEEN', '`includeSeen: true` lets it in.'],
  DISMISSED: ['the user has dismissed it', 'UNDO_DISMISSAL', 'undoDismissals lets it in.'],
  SHOWN: [
    'the user was shown it since `excludeShownSince`',
    'LIST_SHOWN',
    'A list without `excludeShownSince` may have it.',
  ],
  EARLIER_PAGE: ['a page before has it'],
  GROUP: ['another item of its group stands for it', 'LIST_WHOLE_GROUPS', '`oncePerGroup: false` lets it in.'],
  NO_MODEL: ['no model made the list, and others are taken by more users'],
  NO_CODES: ['the model does not know it: it has no semantic ID'],
  STEERED: ['`more`, `less` or `steer` moves others before it'],
  BEAM: ['the beam search dropped it'],
  LESS_LIKELY: ['the model finds the items of the list likelier'],
};

function toRecord(
  itemId: number,
  { reasons: hidden, ...barriers }: Barriers,
  byModel: ByModel,
  listed: number | null,
): Omit<WhyNotRecord, 'rank'> {
  const { reason, wouldHelp, ...thought } = byModel;
  const isGone = hidden.includes('REMOVED'); // then the model cannot say anything of it
  // The reason that hides it says enough, where the placement would move it too.
  const isSaid = reason === null || isGone || (reason === 'PLACEMENT' && hidden.length > 0);
  const reasons = listed !== null ? [] : [...hidden, ...(isSaid ? [] : [reason])];
  const helps = reasons.flatMap((one) => {
    const [, change, text] = BARRIERS[one] ?? [];
    return change === undefined ? [] : [{ change, text }];
  });
  const then = thought.place === null ? '' : ` It is then number ${thought.place}.`;
  return {
    ...{ itemId, ...barriers, ...thought },
    place: listed ?? thought.place,
    reasons: listed === null ? reasons : ['LISTED'],
    text: sentenceOf(reasons, listed),
    wouldHelp: [
      ...helps.map((help) => ({ ...help, text: help.text + then })),
      ...(listed === null && !isGone ? wouldHelp : []),
    ],
  };
}

function sentenceOf(reasons: readonly WhyNotReason[], listed: number | null): string {
  if (listed !== null) return `It is number ${listed} of the list.`;
  const text = reasons.map((reason) => BARRIERS[reason]![0]).join('; ');
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
