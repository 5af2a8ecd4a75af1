/** Reads what a list depends on: whom it is for, the items that its request names, and the placement that is in force. */
import DataLoader from 'dataloader';

import { type PlacementStateRecord, SHOP_WIDE } from '../../graphql/placement/records';
import type { ListSubject, RecommendationArgs } from '../../graphql/recommendation/records';
import { MAX_HISTORY } from '../../models/config';
import { type KindRules, KINDS, kindOf, ruleOf, VIEW } from '../../models/data/kinds';
import { kindOfRun, runsOf } from '../../models/data/log-changes';
import { stateRecord } from '../placements/definition';
import type { RequestReads, UserHistory } from '../storage/request-reads';
import type { RecommendOne } from '../workers/messages';
import { historyUntil } from './former-state';
import { type Continuation, continuationOf } from './list-pages';
import { type PlacementInForce, placementInForce, withPlacement } from './placement-rules';

export interface ListReadParts {
  /** @returns External ID → id, of the items that exist, removed ones too. */
  readonly itemIdsOf: (externalIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly requestReads: Pick<RequestReads, 'histories' | 'shown' | 'placements'>;
  /** @returns A state of a placement that is perhaps not the newest. */
  readonly placementState: (name: string, number: number) => Promise<PlacementStateRecord | null>;
  readonly kinds: KindRules;
}

/** All that a list depends on, once it is read. */
export interface ListReading {
  /** With what the placement says. */
  readonly args: RecommendationArgs;
  readonly placement: PlacementInForce;
  readonly recipient: Recipient;
  /** The stored history; undefined: the list is for no stored user. */
  readonly user: UserHistory | undefined;
  /** Items that were shown since the time from which on they are left out. */
  readonly shown: readonly number[];
  /** Items that the request names, oldest first. */
  readonly session: readonly number[];
  /** Items that the request excludes. */
  readonly excluded: readonly number[];
  /** External ids of the request that no item has. */
  readonly skippedItems: readonly string[];
  /** The pages before; null: this is the first. */
  readonly before: Continuation | null;
}

/** The user or visitor whom a list is for. */
interface Recipient extends Pick<RecommendOne, 'userKey' | 'history' | 'times' | 'kinds' | 'counts'> {
  readonly seen: ReadonlySet<number>;
  /** Items that no list of the user has: they were dismissed or, where the request asks for that, shown. */
  readonly hidden: ReadonlySet<number>;
}

export class ListReads {
  private readonly historyOf;
  private readonly shownTo;
  private readonly itemIdsOf;
  private readonly stateOf;

  constructor(private readonly parts: ListReadParts) {
    const { requestReads, itemIdsOf } = parts;
    this.historyOf = together(async (userIds: readonly number[]) => {
      const histories = await requestReads.histories(userIds);
      return (userId) => histories.get(userId);
    });
    this.shownTo = together(async (userIds: readonly number[]) => {
      const shown = await requestReads.shown(userIds);
      return (userId) => shown.get(userId) ?? [];
    });
    this.itemIdsOf = together(async (lists: readonly (readonly string[])[]) => {
      const known = await itemIdsOf(lists.flat());
      return () => known;
    });
    this.stateOf = together(async (names: readonly string[]) => {
      const stored = await requestReads.placements(names);
      return (name) => (stored.has(name) ? stateRecord(stored.get(name)!) : null);
    });
  }

  async read(
    { userId = null, history, item }: ListSubject,
    requested: RecommendationArgs,
    signal?: AbortSignal,
  ): Promise<ListReading> {
    const before = requested.after == null ? null : continuationOf(requested.after);
    const page = item == null ? [] : [item];
    const named = [...(history ?? []), ...page];
    const excluded = requested.filter?.excludeExternalIds ?? [];
    const [placement, stored, known] = await Promise.all([
      this.placementOf(requested),
      userId === null ? undefined : this.historyOf(userId),
      named.length + excluded.length === 0 ? new Map<string, number>() : this.itemIdsOf([...named, ...excluded]),
    ]);
    const args = withPlacement(requested, placement);
    const shown = userId === null ? [] : await this.shownSince(args.excludeShownSince, userId);
    signal?.throwIfAborted();
    const { kinds } = this.parts;
    const idsOf = (externalIds: readonly string[]) => externalIds.flatMap((externalId) => known.get(externalId) ?? []);
    const user = stored && args.former ? historyUntil(args.former.time, stored, kinds) : stored;
    const hidden = [...shown, ...idsOf(page), ...(before?.itemIds ?? [])];
    return {
      ...{ args, placement, user, shown, before, session: idsOf(named), excluded: idsOf(excluded) },
      recipient: recipientOf(user, kinds, idsOf(named), hidden),
      skippedItems: named.filter((externalId) => !known.has(externalId)),
    };
  }

  private async shownSince(since: Date | null | undefined, userId: number): Promise<number[]> {
    if (since == null) return [];
    const shown = await this.shownTo(userId);
    return shown.filter(({ at }) => at >= since.getTime()).map(({ itemId }) => itemId);
  }

  /** The stored state is read for each list, so that a change is in force at the next request of every server. */
  private async placementOf(args: RecommendationArgs): Promise<PlacementInForce> {
    const { placement, arm } = args;
    const number = arm?.stateNumber ?? null;
    const newest = () => this.stateOf(placement!);
    const [own, shopWide] = await Promise.all([
      placement == null ? null : number === null ? newest() : this.parts.placementState(placement, number),
      this.stateOf(SHOP_WIDE),
    ]);
    return placementInForce(args, own, shopWide);
  }
}

/** @returns A function that reads together what it is asked for at the same time, such as by all users of one operation. */
function together<K, V>(read: (keys: readonly K[]) => Promise<(key: K) => V>): (key: K) => Promise<V> {
  const loader = new DataLoader<K, V>(async (keys) => keys.map(await read([...new Set(keys)])), { cache: false });
  return (key) => loader.load(key);
}

// ---- Histories ----------------------------------------------------------------------------------------------------

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
  const counted = countedPositions(user, rules);
  const itemIds = counted.map((position) => user.itemIds[position]);
  const timeAt = (i: number) => user.timeAt(counted[i]);
  const kindAt = (i: number) => kindOf(user.kindAt(counted[i]));
  const runs = runsOf(itemIds, timeAt).slice(-MAX_HISTORY);
  return runs.map((run) => ({
    itemId: itemIds[run.end - 1],
    time: timeAt(run.end - 1),
    kind: kindOfRun(run, kindAt, rules),
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
