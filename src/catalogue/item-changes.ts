/** Changes that given items make in the catalogue, whether a call or a feed brings them, and the rows that it takes. */
import type { NewItemArgs } from '../../graphql/item/records';
import type { UpsertItemsPayload } from '../../graphql/item/types';
import { itemText } from '../../models/text/item-text';
import { insertRows, updateItemRows } from '../storage/bulk-rows';
import type { LogEntry } from '../storage/change-log';
import { insertedItem, type ItemRow, mergedItem } from '../storage/item-columns';
import { dropMadeVectors, itemIdsOf, type StoredVector, writeCategories, writeVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';

export type Vector = Omit<StoredVector, 'itemId'>;

export type Deed = 'CREATED' | 'UPDATED' | 'RESTORED' | 'REMOVED' | 'UNCHANGED';

const KINDS: Readonly<Record<Exclude<Deed, 'UNCHANGED'>, LogEntry['kind']>> = {
  CREATED: 'ITEMS_ADDED',
  UPDATED: 'ITEMS_UPDATED',
  RESTORED: 'ITEMS_RESTORED',
  REMOVED: 'ITEMS_REMOVED',
};

/** @param deeds - Not all of them `UNCHANGED`. @returns The kind of a change that is all of them. */
export function kindOf(deeds: Iterable<Deed>): LogEntry['kind'] {
  const kinds = [...new Set(deeds)].flatMap((deed) => (deed === 'UNCHANGED' ? [] : KINDS[deed]));
  return kinds.length === 1 ? kinds[0] : 'ITEMS_UPSERTED';
}

export function countDeeds(deeds: readonly Deed[]): Pick<UpsertItemsPayload, 'created' | 'updated' | 'unchanged'> {
  const count = (deed: Deed) => deeds.filter((each) => each === deed).length;
  return {
    created: count('CREATED'),
    updated: count('UPDATED') + count('RESTORED'),
    unchanged: count('UNCHANGED'),
  };
}

/** Whether the text that the item's vector is made of is another one than that of the row. */
export function isTextChanged(row: ItemRow, merged: NewItemArgs): boolean {
  return itemText(mergedItem(row, {})) !== itemText(merged);
}

export function isSameVector(vector: Vector, stored: Vector | null): boolean {
  return stored?.encoder === vector.encoder && bytesOf(stored.vector).equals(bytesOf(vector.vector));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** An item that is to be written. */
export interface ItemChange {
  /** As it is stored; null: it is not. */
  readonly row: ItemRow | null;
  /** All its fields from now on. */
  readonly merged: NewItemArgs;
  /** A vector of the former text that was made here is deleted then. */
  readonly textChanged: boolean;
  /** A new or another vector; null: it keeps what it has. */
  readonly vector: Vector | null;
  /** When a new item came; absent: now. */
  readonly addedAt?: Date;
  /** Absent: it is live from now on. */
  readonly removedAt?: Date;
}

/** Writes new and changed items with their categories and vectors. @returns External ID → id. */
export async function writeItems(
  transaction: Transaction,
  changes: readonly ItemChange[],
): Promise<ReadonlyMap<string, number>> {
  const columnsOf = ({ merged, addedAt, removedAt }: ItemChange) => {
    const row = insertedItem(merged);
    return { ...row, addedAt: addedAt ?? row.addedAt, removedAt: removedAt ?? null };
  };
  await insertRows(transaction, 'Item', changes.filter(({ row }) => row === null).map(columnsOf));
  const others = changes.flatMap((change) => (change.row === null ? [] : { id: change.row.id, ...columnsOf(change) }));
  await updateItemRows(transaction, others);
  const ids = await itemIdsOf(
    transaction,
    changes.map(({ merged }) => merged.externalId),
  );
  const written = changes.map((change) => ({ ...change, itemId: ids.get(change.merged.externalId)! }));
  await writeCategories(
    transaction,
    written.map(({ itemId, merged }) => ({ itemId, categories: merged.categories ?? [] })),
  );
  await dropMadeVectors(
    transaction,
    written.flatMap(({ itemId, textChanged }) => (textChanged ? itemId : [])),
  );
  await writeVectors(
    transaction,
    written.flatMap(({ itemId, vector }) => (vector === null ? [] : { ...vector, itemId })),
  );
  return ids;
}
