/** What a request for recommendations reads from the database: its user, that user's history, and the items of the list. */
import type { ItemRecord } from '../../graphql/item/records';
import type { UserRecord } from '../../graphql/user/records';
import type { HotPathQueries, Row } from './hot-path-queries';
import { ITEM_COLUMN_LIST, itemOfRow } from './item-columns';

/** Whom a list is for. */
export interface UserHistory {
  readonly externalId: string;
  /** Ids of the items that the user has interacted with, one for each interaction, oldest first. */
  readonly itemIds: readonly number[];
  /** @returns Milliseconds since 1970 of the interaction at that position of `itemIds`. Few are asked for, so a time is read when it is. */
  timeAt(position: number): number;
}

const ITEMS = `SELECT ${ITEM_COLUMN_LIST} FROM "Item" WHERE "id" IN`;
const USERS = 'SELECT "id", "externalId" FROM "User" WHERE "id" IN';
const USERS_BY_EXTERNAL_ID = 'SELECT "id", "externalId" FROM "User" WHERE "externalId" IN';
// A history is one text: to make a value of each row takes longer than to read it.
const HISTORIES = `SELECT u."id", u."externalId", (
  SELECT string_agg(i."itemId" || '@' || CAST(i."occurredAt" AS TEXT), ',' ORDER BY i."occurredAt", i."id")
  FROM "Interaction" i WHERE i."userId" = u."id"
) FROM "User" u WHERE u."id" IN`;

export class RequestReads {
  constructor(private readonly hotPath: HotPathQueries) {}

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

  /** @returns By user id, of those users that exist. */
  async histories(userIds: readonly number[]): Promise<Map<number, UserHistory>> {
    const rows = await this.hotPath.rowsIn(HISTORIES, userIds);
    return new Map(rows.map((row) => [row[0] as number, historyOf(row)]));
  }
}

function historyOf([, externalId, events]: Row): UserHistory {
  const list = events === null ? [] : (events as string).split(',');
  return {
    externalId: externalId as string,
    itemIds: list.map((event) => parseInt(event, 10)), // it reads as far as the @
    timeAt: (position) => timeOf(list[position].slice(list[position].indexOf('@') + 1)),
  };
}

/** Without its zone, which is always UTC: SQLite has it, PostgreSQL has a blank in place of the T. */
function timeOf(text: string): number {
  return Date.parse(`${text.replace(' ', 'T').replace('+00:00', '')}Z`);
}

function userOf([id, externalId]: Row): UserRecord {
  return { id: id as number, externalId: externalId as string };
}
