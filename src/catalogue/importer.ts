/** Bulk loading: reads items with their vectors, users and interactions from streams, and writes 1,000 rows per transaction. */
import type { InteractionKind } from '../../graphql/interaction/records';
import type { NewItemArgs } from '../../graphql/item/records';
import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import { readByKeys } from '../storage/bulk-reads';
import { insertRows } from '../storage/bulk-rows';
import { logChange } from '../storage/change-log';
import type { Database } from '../storage/database';
import { insertedItem, type InsertedItem } from '../storage/item-columns';
import { itemIdsOf, itemIdsWithVectors, writeCategories, writeVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import { writeInteractions } from './interactions';

export interface ImportedItem extends Omit<NewItemArgs, 'embedding'> {
  /** The vector, with the encoder that made it; null: whoever needs it first makes it from the text. */
  readonly vector: { readonly values: Float32Array; readonly encoder: string } | null;
  /** Absent: now. */
  readonly addedAt?: Date;
  /** Absent: the item is live. */
  readonly removedAt?: Date;
}

export interface ImportedInteraction {
  /** The event's own key: a repeated import finds the event by it. Null: it has none. */
  readonly eventId: string | null;
  /** How many equal events without a key came before it in the stream: a repeated import finds such an event by it. */
  readonly twin?: number;
  readonly userExternalId: string;
  readonly itemExternalId: string;
  readonly kind: InteractionKind;
  readonly occurredAt: Date;
}

type Stream<T> = AsyncIterable<T> | Iterable<T>;

export interface ImportSource {
  readonly items: Stream<ImportedItem>;
  /** A user is added with the first interaction. When two events have the same time, the first in the stream counts as earlier. */
  readonly interactions: Stream<ImportedInteraction>;
}

export interface ImportCounts {
  /** Rows read so far, known ones included. */
  readonly items: number;
  readonly interactions: number;
  /** Rows written so far. */
  readonly newItems: number;
  readonly newUsers: number;
  readonly newInteractions: number;
}

export interface ImportOptions {
  /** After each transaction. */
  readonly onProgress?: (counts: ImportCounts) => void;
  readonly signal?: AbortSignal;
}

/** Something in the stream does not fit what is stored. What came before it stays. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

const ROWS_PER_TRANSACTION = 1_000;

/**
 * Adds what is not there yet. Items and events that are known, by external ID and by event ID, stay as they are, so that
 * an import that was broken off can be repeated; only a vector that an item lacks is added. Items get no codes here: servers
 * give them codes when they follow the change.
 *
 * @throws {ImportError} When an interaction names an item that does not exist.
 * @throws The signal's reason, between two transactions, when it is aborted.
 */
export async function importCatalogue(
  database: Database,
  source: ImportSource,
  { onProgress, signal }: ImportOptions = {},
): Promise<ImportCounts> {
  const counts = { items: 0, interactions: 0, newItems: 0, newUsers: 0, newInteractions: 0 };
  const report = () => {
    onProgress?.({ ...counts });
    signal?.throwIfAborted();
  };
  for await (const batch of batches(source.items)) {
    counts.newItems += await database.write((transaction) => importItems(transaction, batch));
    counts.items += batch.length;
    report();
  }
  for await (const batch of batches(source.interactions)) {
    const added = await database.write((transaction) => importInteractions(transaction, batch));
    counts.newUsers += added.users;
    counts.newInteractions += added.interactions;
    counts.interactions += batch.length;
    report();
  }
  return counts;
}

async function* batches<T>(rows: Stream<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < ROWS_PER_TRANSACTION) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** @returns How many items were added. */
async function importItems(transaction: Transaction, batch: readonly ImportedItem[]): Promise<number> {
  const byExternalId = new Map(batch.map((item) => [item.externalId, item]));
  const known = await itemIdsOf(transaction, [...byExternalId.keys()]);
  await completeVectors(transaction, [...byExternalId.values()], known);
  const added = [...byExternalId.values()].filter(({ externalId }) => !known.has(externalId));
  if (added.length === 0) return 0;
  await insertRows(transaction, 'Item', added.map(importedRow));
  const ids = await itemIdsOf(
    transaction,
    added.map(({ externalId }) => externalId),
  );
  const items = added.map((item) => ({ itemId: ids.get(item.externalId)!, ...item }));
  await writeCategories(
    transaction,
    items.map(({ itemId, categories }) => ({ itemId, categories: categories ?? [] })),
  );
  await writeVectors(
    transaction,
    items.flatMap(({ itemId, vector }) =>
      vector === null ? [] : [{ itemId, encoder: vector.encoder, dims: vector.values.length, vector: vector.values }],
    ),
  );
  const live = items.filter(({ removedAt }) => removedAt === undefined);
  if (live.length === 0) return added.length;
  const changes = live.map(({ itemId }) => ({ itemId, before: null, after: null, wasLive: false }));
  await logChange(transaction, { kind: 'ITEMS_ADDED', tokenizerId: null, items: changes });
  return added.length;
}

/** Gives known items that have no vector the one that was imported, unless it can be made here of their present text. */
async function completeVectors(
  transaction: Transaction,
  batch: readonly ImportedItem[],
  known: ReadonlyMap<string, number>,
): Promise<void> {
  const given = batch.flatMap(({ externalId, vector }) => {
    const itemId = known.get(externalId);
    return itemId === undefined || vector === null || vector.encoder === SENTENCE_ENCODER ? [] : [{ itemId, vector }];
  });
  const ids = given.map(({ itemId }) => itemId);
  const hasVector = await itemIdsWithVectors(transaction, ids);
  const missing = given.filter(({ itemId }) => !hasVector.has(itemId));
  await writeVectors(
    transaction,
    missing.map(({ itemId, vector: { values, encoder } }) => ({
      itemId,
      encoder,
      dims: values.length,
      vector: values,
    })),
  );
}

function importedRow({ addedAt, removedAt, ...item }: ImportedItem): InsertedItem {
  const row = insertedItem(item);
  return { ...row, addedAt: addedAt ?? row.addedAt, removedAt: removedAt ?? null };
}

/** @returns How many users and events were added. */
async function importInteractions(
  transaction: Transaction,
  batch: readonly ImportedInteraction[],
): Promise<{ users: number; interactions: number }> {
  const itemIds = await itemIdsOf(
    transaction,
    batch.map(({ itemExternalId }) => itemExternalId),
  );
  const stray = batch.find(({ itemExternalId }) => !itemIds.has(itemExternalId));
  if (stray) {
    const event = stray.eventId ?? `of user ${stray.userExternalId}`;
    throw new ImportError(`event ${event}: expected an item of the catalogue, got ${stray.itemExternalId}`);
  }
  const unknown = await withoutKnownTwins(transaction, batch);
  const { recorded, created } = await writeInteractions(transaction, unknown, itemIds);
  return { users: created, interactions: recorded.length };
}

/** Leaves out events without a key that are stored as often as they came in the stream so far. */
async function withoutKnownTwins(
  transaction: Transaction,
  batch: readonly ImportedInteraction[],
): Promise<readonly ImportedInteraction[]> {
  const bare = batch.filter(({ eventId }) => eventId === null);
  if (bare.length === 0) return batch;
  const users = [...new Set(bare.map(({ userExternalId }) => userExternalId))];
  const times = bare.map(({ occurredAt }) => occurredAt.getTime());
  const occurredAt = { gte: new Date(Math.min(...times)), lte: new Date(Math.max(...times)) };
  const rows = await readByKeys(users, (some) =>
    transaction.interaction.findMany({
      where: { eventId: null, user: { externalId: { in: some } }, occurredAt },
      select: {
        kind: true,
        occurredAt: true,
        user: { select: { externalId: true } },
        item: { select: { externalId: true } },
      },
    }),
  );
  const stored = new Map<string, number>();
  for (const { kind, occurredAt, user, item } of rows) {
    const key = twinKey(user.externalId, item.externalId, kind, occurredAt);
    stored.set(key, (stored.get(key) ?? 0) + 1);
  }
  return batch.filter(({ twin, userExternalId, itemExternalId, kind, occurredAt }) => {
    if (twin === undefined) return true;
    return twin >= (stored.get(twinKey(userExternalId, itemExternalId, kind, occurredAt)) ?? 0);
  });
}

function twinKey(user: string, item: string, kind: string, at: Date): string {
  return JSON.stringify([user, item, kind, at.getTime()]);
}
