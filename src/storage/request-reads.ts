/** Reads of a request for recommendations: its user, that user's history, and the items of the list. */
import type { InteractionKind } from '../../graphql/interaction/records';
import type { ItemRecord } from '../../graphql/item/records';
import type { UserRecord } from '../../graphql/user/records';
import { KIND_RULES, type KindRules, KINDS } from '../../models/data/kinds';
import type { HotPathQueries, Row } from './hot-path-queries';
import { ITEM_COLUMN_LIST, itemOfRow } from './item-columns';

/** The user of a list, and what the list depends on. */
export interface UserHistory {
  readonly externalId: string;
  /** Ids of the items of the user's newest interactions, one for each interaction, oldest first. */
  readonly itemIds: readonly number[];
  /** Ids of the items that an interaction of a hiding kind takes out of lists, of the newest 20,000 interactions: see `KindRule`. */
  readonly seen: ReadonlySet<number>;
  /** Ids of the items that the user does not want to see again. */
  readonly dismissed: ReadonlySet<number>;
  /** @returns Milliseconds since 1970 of the interaction at that position of `itemIds`. Few are asked for, so a time is read when it is. */
  timeAt(position: number): number;
  /** @returns The kind of the interaction at that position of `itemIds`. */
  kindAt(position: number): InteractionKind;
}

/** An item that a user was shown. */
export interface ShownItem {
  readonly itemId: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** An arm of the running experiment of a placement. */
export interface DrawableArm {
  readonly id: number;
  readonly experimentId: number;
  readonly percent: number;
  readonly stateNumber: number | null;
  readonly modelVersionId: number | null;
  /** False: it was stopped, or its model version is gone. */
  readonly isServed: boolean;
}

/** A list reads the newest `MAX_HISTORY` runs of items in these: a customer hardly ever has more than four interactions a run. */
export const MAX_INTERACTIONS = 2_000;
/**
 * A list leaves out the items of the newest interactions, so many at most: a storefront token may record millions of its own, and to read
 * all of them takes seconds, in which nobody else is served.
 */
export const MAX_SEEN = 20_000;
/** The newest so many dismissals hold, and so many items that were shown. */
const MAX_DISMISSED = 20_000;
const MAX_SHOWN = 2_000;

const ITEMS = `SELECT ${ITEM_COLUMN_LIST} FROM "Item" WHERE "id" IN`;
const USERS = 'SELECT "id", "externalId" FROM "User" WHERE "id" IN';
const USERS_BY_EXTERNAL_ID = 'SELECT "id", "externalId" FROM "User" WHERE "externalId" IN';
const ARM_KEYS = 'SELECT COALESCE("armKey", "externalId") FROM "User" WHERE "id" IN';
const ARMS = `SELECT a."id", a."experimentId", a."percent", a."stateNumber", a."modelVersionId",
  CASE WHEN a."stoppedAt" IS NULL AND (a."modelVersionId" IS NULL OR v."id" IS NOT NULL) THEN 1 ELSE 0 END
  FROM "Experiment" e JOIN "ExperimentArm" a ON a."experimentId" = e."id"
  LEFT JOIN "ModelVersion" v ON v."id" = a."modelVersionId"
  WHERE e."stoppedAt" IS NULL AND e."placement" IN`;
// A list of ids is one text: to make a value of each row takes longer than to read it.
const HISTORIES = `SELECT u."id", u."externalId", (
  SELECT string_agg(i."itemId" || '@' || CAST(i."occurredAt" AS TEXT) || '@' || i."kind", ',' ORDER BY i."occurredAt", i."id") FROM (
    SELECT "itemId", "occurredAt", "kind", "id" FROM "Interaction" WHERE "userId" = u."id"
    ORDER BY "occurredAt" DESC, "id" DESC LIMIT ${MAX_INTERACTIONS}
  ) AS i
), (
  SELECT string_agg(CAST(d."itemId" AS TEXT), ',') FROM (
    SELECT "itemId" FROM "Dismissal" WHERE "userId" = u."id" ORDER BY "at" DESC LIMIT ${MAX_DISMISSED}
  ) AS d
) FROM "User" u WHERE u."id" IN`;
const SHOWN = `SELECT u."id", (
  SELECT string_agg(f."itemId" || '@' || CAST(f."at" AS TEXT), ',') FROM (
    SELECT "itemId", "at" FROM "Feedback" WHERE "userId" = u."id" AND "kind" = 'SHOWN'
    ORDER BY "at" DESC LIMIT ${MAX_SHOWN}
  ) AS f
) FROM "User" u WHERE u."id" IN`;
const seenBy = (kinds: readonly string[]) => `SELECT u."id", (
  SELECT string_agg(CAST(i."itemId" AS TEXT), ',') FROM (
    SELECT DISTINCT n."itemId" FROM (
      SELECT "itemId", "kind" FROM "Interaction" WHERE "userId" = u."id"
      ORDER BY "occurredAt" DESC, "id" DESC LIMIT ${MAX_SEEN}
    ) AS n WHERE n."kind" IN (${kinds.map((kind) => `'${kind}'`).join(', ') || 'NULL'})
  ) AS i
) FROM "User" u WHERE u."id" IN`;
const PLACEMENTS = `SELECT s."name", s."number", s."definition", s."savedAt", s."savedBy" FROM "PlacementState" s
  WHERE s."number" = (SELECT MAX(n."number") FROM "PlacementState" n WHERE n."name" = s."name") AND s."name" IN`;
const SHELVES = 'SELECT "id", "brand", "groupId", "categories" FROM "Item" WHERE "id" IN';

/** The newest state of a placement. */
export interface StoredPlacement {
  readonly name: string;
  readonly number: number;
  /** JSON. */
  readonly definition: string;
  readonly savedAt: Date;
  readonly savedBy: string | null;
}

/** The values that an item has in common with others. */
export interface ItemShelves {
  readonly brand: string | null;
  readonly group: string | null;
  /** Each once. */
  readonly categories: readonly string[];
}

export class RequestReads {
  private readonly hiding: ReadonlySet<string>;

  constructor(
    private readonly hotPath: HotPathQueries,
    rules: KindRules = KIND_RULES,
  ) {
    this.hiding = new Set(KINDS.filter((kind) => rules[kind].hidesItem));
  }

  /** @returns Those that exist, removed ones too. */
  async items(ids: readonly number[]): Promise<ItemRecord[]> {
    return (await this.hotPath.rowsIn(ITEMS, ids)).map(itemOfRow);
  }

  /** @returns Those that exist. */
  async users(ids: readonly number[]): Promise<UserRecord[]> {
    return (await this.hotPath.rowsIn(USERS, ids)).map(userOf);
  }

  async user(externalId: string): Promise<UserRecord | null> {
    return (await this.hotPath.rowsIn(USERS_BY_EXTERNAL_ID, [externalId])).map(userOf)[0] ?? null;
  }

  /** @returns The arms of the placement's running experiment, the control arm first; empty: none is running. */
  async arms(placement: string): Promise<DrawableArm[]> {
    return (await this.hotPath.rowsIn(ARMS, [placement])).map(armOf).sort((a, b) => a.id - b.id);
  }

  /** @returns The name by which experiments draw the user's arms; null: there is no such user. */
  async armKey(userId: number): Promise<string | null> {
    const [row] = await this.hotPath.rowsIn(ARM_KEYS, [userId]);
    return row === undefined ? null : (row[0] as string);
  }

  /** @returns By user id, of those users that exist. */
  async histories(userIds: readonly number[]): Promise<Map<number, UserHistory>> {
    const histories = (await this.hotPath.rowsIn(HISTORIES, userIds)).map((row) => ({
      id: row[0] as number,
      ...historyOf(row),
    }));
    const cut = histories.filter(({ itemIds }) => itemIds.length === MAX_INTERACTIONS).map(({ id }) => id);
    const rows = await this.hotPath.rowsIn(seenBy([...this.hiding]), cut);
    const seen = new Map(rows.map(([id, items]) => [id as number, idsOf(items)]));
    return new Map(
      histories.map(({ id, ...history }) => [
        id,
        { ...history, seen: new Set(seen.get(id) ?? this.hiddenIn(history)) },
      ]),
    );
  }

  private hiddenIn({ itemIds, kindAt }: Pick<UserHistory, 'itemIds' | 'kindAt'>): number[] {
    return itemIds.filter((_, position) => this.hiding.has(kindAt(position)));
  }

  /** @returns By user id, what the user was shown last. */
  async shown(userIds: readonly number[]): Promise<Map<number, ShownItem[]>> {
    const rows = await this.hotPath.rowsIn(SHOWN, userIds);
    return new Map(rows.map(([id, shown]) => [id as number, eventsOf(shown).map(shownItemOf)]));
  }

  /** @returns By name, of those that are stored. */
  async placements(names: readonly string[]): Promise<Map<string, StoredPlacement>> {
    const rows = (await this.hotPath.rowsIn(PLACEMENTS, names)) as [string, number, string, string, string | null][];
    return new Map(
      rows.map(([name, number, definition, savedAt, savedBy]) => [
        name,
        { name, number, definition, savedAt: new Date(savedAt), savedBy },
      ]),
    );
  }

  /** @returns By item id. */
  async shelves(itemIds: readonly number[]): Promise<Map<number, ItemShelves>> {
    const rows = (await this.hotPath.rowsIn(SHELVES, itemIds)) as [number, string | null, string | null, string][];
    return new Map(
      rows.map(([id, brand, group, categories]) => [
        id,
        { brand, group, categories: [...new Set<string>(JSON.parse(categories))] },
      ]),
    );
  }
}

function historyOf([, externalId, events, dismissed]: Row): Omit<UserHistory, 'seen'> {
  const list = eventsOf(events);
  return {
    externalId: externalId as string,
    itemIds: list.map(itemOf),
    dismissed: new Set(idsOf(dismissed)),
    timeAt: (position) => timeOfEvent(list[position]),
    kindAt: (position) => list[position].slice(list[position].lastIndexOf('@') + 1) as InteractionKind,
  };
}

function shownItemOf(event: string): ShownItem {
  return { itemId: itemOf(event), at: timeOfEvent(event) };
}

/** @returns Each as `item@time`, those of a history as `item@time@kind`. */
function eventsOf(packed: unknown): string[] {
  return packed === null ? [] : (packed as string).split(',');
}

function itemOf(event: string): number {
  return parseInt(event, 10); // it reads as far as the @
}

function timeOfEvent(event: string): number {
  const start = event.indexOf('@') + 1;
  const end = event.indexOf('@', start); // to split takes twice as long
  return timeOf(event.slice(start, end === -1 ? undefined : end));
}

/** Reads a time in UTC: SQLite names the zone, PostgreSQL does not, and has a blank in place of the T. */
function timeOf(text: string): number {
  return Date.parse(text.includes('T') ? text : `${text.replace(' ', 'T')}Z`);
}

function idsOf(packed: unknown): number[] {
  return packed === null ? [] : (packed as string).split(',').map(Number);
}

function armOf([id, experimentId, percent, stateNumber, modelVersionId, isServed]: Row): DrawableArm {
  return { id, experimentId, percent, stateNumber, modelVersionId, isServed: isServed === 1 } as DrawableArm;
}

function userOf([id, externalId]: Row): UserRecord {
  return { id: id as number, externalId: externalId as string };
}
