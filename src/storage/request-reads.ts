/** What a request for recommendations asks of the database: who it is for, what they did, and the items of the list. */
import type { ItemRecord } from '../../graphql/item/records';
import type { UserRecord } from '../../graphql/user/records';
import type { DirectQueries, Row } from './hot-path-queries';

/** Whom a list is for. */
export interface UserHistory {
  readonly externalId: string;
  /** Ids of all items that the user has interacted with, oldest first, as often as that was. */
  readonly itemIds: readonly number[];
}

const ITEM_COLUMNS =
  '"id", "externalId", "title", "description", "brand", "categories", "price", "attributes", "interactionCount", "addedAt", "removedAt"';
const ITEMS = `SELECT ${ITEM_COLUMNS} FROM "Item" WHERE "id" IN`;
const USERS = 'SELECT "id", "externalId" FROM "User" WHERE "id" IN';
const USERS_BY_EXTERNAL_ID = 'SELECT "id", "externalId" FROM "User" WHERE "externalId" IN';
// One text a user: to make a value of each row takes longer than to read it.
const HISTORIES = `SELECT u."id", u."externalId", (
  SELECT string_agg(CAST(i."itemId" AS TEXT), ',' ORDER BY i."occurredAt", i."id") FROM "Interaction" i WHERE i."userId" = u."id"
) FROM "User" u WHERE u."id" IN`;

export class RequestReads {
  constructor(private readonly direct: DirectQueries) {}

  /** @returns Those that exist, removed ones too. */
  async items(ids: readonly number[]): Promise<ItemRecord[]> {
    return (await this.direct.rowsIn(ITEMS, ids)).map(itemOf);
  }

  /** @returns Those that exist. */
  async users(ids: readonly number[]): Promise<UserRecord[]> {
    return (await this.direct.rowsIn(USERS, ids)).map(userOf);
  }

  async user(externalId: string): Promise<UserRecord | null> {
    return (await this.direct.rowsIn(USERS_BY_EXTERNAL_ID, [externalId])).map(userOf)[0] ?? null;
  }

  /** @returns By user id, of those users that exist. */
  async histories(userIds: readonly number[]): Promise<Map<number, UserHistory>> {
    const rows = await this.direct.rowsIn(HISTORIES, userIds);
    return new Map(rows.map((row) => [row[0] as number, historyOf(row)]));
  }
}

function historyOf([, externalId, itemIds]: Row): UserHistory {
  return {
    externalId: externalId as string,
    itemIds: itemIds === null ? [] : (itemIds as string).split(',').map(Number),
  };
}

function userOf([id, externalId]: Row): UserRecord {
  return { id: id as number, externalId: externalId as string };
}

function itemOf(row: Row): ItemRecord {
  const [
    id,
    externalId,
    title,
    description,
    brand,
    categories,
    price,
    attributes,
    interactionCount,
    addedAt,
    removedAt,
  ] = row;
  return {
    id: id as number,
    externalId: externalId as string,
    title: title as string,
    description: description as string | null,
    brand: brand as string | null,
    categories: JSON.parse(categories as string) as string[],
    price: price as number | null,
    attributes: attributes === null ? null : JSON.parse(attributes as string),
    interactionCount: interactionCount as number,
    addedAt: new Date(addedAt as string),
    removedAt: removedAt === null ? null : new Date(removedAt as string),
  };
}
