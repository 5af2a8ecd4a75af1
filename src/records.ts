/** Rows of the database as the records that the API knows. */
import type { InteractionKind, InteractionRecord, ItemRecord, SemanticIdRecord, UserRecord } from '../graphql/context';
import type { Interaction, Item, SemanticId, User } from '../prisma/generated/sqlite/client';
import { codesOfKey } from './code-keys';

export function itemRecord(row: Item): ItemRecord {
  return {
    id: row.id,
    externalId: row.externalId,
    title: row.title,
    description: row.description,
    brand: row.brand,
    categories: row.categories as string[],
    price: row.price,
    attributes: row.attributes,
    interactionCount: row.interactionCount,
    addedAt: row.addedAt,
    removedAt: row.removedAt,
  };
}

export function userRecord(row: User): UserRecord {
  return { id: row.id, externalId: row.externalId };
}

export function interactionRecord(row: Interaction): InteractionRecord {
  return { id: row.id, itemId: row.itemId, kind: row.kind as InteractionKind, occurredAt: row.occurredAt };
}

export function semanticIdRecord(row: Pick<SemanticId, 'itemId' | 'codesKey'>): SemanticIdRecord {
  return { itemId: row.itemId, codes: codesOfKey(row.codesKey) };
}
