/** Bulk loading: takes items with their vectors, users and interactions from streams. */
import type { InteractionKind } from '../../graphql/interaction/records';
import type { NewItemArgs } from '../../graphql/item/records';
import { DAY_MS } from '../../models/math/day';
import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import { findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { readCodes } from '../semantic-ids/code-plan';
import { countPrefixes } from '../semantic-ids/semantic-id-rows';
import { pagesOf, readByKeys } from '../storage/bulk-reads';
import { beginChange, logItems } from '../storage/change-log';
import type { LoggedItem } from '../storage/change-log-reads';
import type { Database } from '../storage/database';
import { DatabaseError } from '../storage/database-error';
import { findEvents } from '../storage/event-reads';
import { hasFields, type ItemRow, mergedItem } from '../storage/item-columns';
import { countingInserted } from '../storage/item-counts';
import { readVectors } from '../storage/item-rows';
import { lastInteractionId } from '../storage/last-ids';
import { allowLongPauses, prepareForBulk, type Transaction, withoutIndexes } from '../storage/transaction';
import { createMissingUsers, usersNamed } from '../storage/user-rows';
import { insertInteractions } from './interactions';
import {
  type Deed,
  isSameVector,
  isTextChanged,
  type ItemChange,
  kindOf,
  type Vector,
  writeItems,
} from './item-changes';
import { readItemsCalled } from './item-checks';

/** A field that is absent says nothing of the item, and neither does an empty title. */
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
  readonly rating?: number | null;
  readonly occurredAt: Date;
}

type Stream<T> = AsyncIterable<T> | Iterable<T>;

export interface ImportSource {
  readonly items: Stream<ImportedItem>;
  /** A user is added with the first interaction. When two events have the same time, the first in the stream counts as earlier. */
  readonly interactions: Stream<ImportedInteraction>;
  /** How many they are, known ones included; absent: nobody knows. */
  readonly numInteractions?: number;
}

export interface ImportCounts {
  /** Rows read so far, known ones included. */
  readonly items: number;
  readonly interactions: number;
  /** Rows written so far. */
  readonly newItems: number;
  /** Items that were changed, or brought back. */
  readonly changedItems: number;
  /** Items that were removed, since the source marks them so or, with `retire`, does not have them. */
  readonly removedItems: number;
  readonly newUsers: number;
  readonly newInteractions: number;
}

/** Says what happens to items that the catalogue has. */
export interface ImportMode {
  /** True: they get what the source says of them, as by `upsertItems`. False: they stay as they are. */
  readonly update?: boolean;
  /** Whether live items that the source does not have are removed. */
  readonly retire?: boolean;
}

export interface ImportOptions extends ImportMode {
  /** After each transaction, and each thousand items. */
  readonly onProgress?: (counts: ImportCounts) => void;
  readonly signal?: AbortSignal;
  /** A purchase counts for a list that is this old at most; absent: seven days. */
  readonly attributionMs?: number;
}

/** Something in the stream does not fit what is stored. What came before it stays. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

const ITEMS_AT_ONCE = 1_000;
/** A transaction has so many: in larger ones the pages of the indexes are written less often, and others wait longer, some .5 s. */
const EVENTS_AT_ONCE = 5_000;
/** A transaction that fills the table has as many events as all before it, within these bounds. */
const [LEAST_OF_A_FILL, MOST_OF_A_FILL] = [250_000, 2_000_000];

/**
 * Stores items, in one transaction and as one version of the catalogue, and then interactions, five thousand a transaction, or many more
 * when they fill the database. Items and events are known by external ID and by event ID, so that an import can be repeated. Items get no
 * codes here: servers give them codes when they follow the change.
 *
 * @throws {ImportError} When an interaction names an item that does not exist.
 * @throws The signal's reason when it is aborted. Then no item is stored, or all of them and some interactions.
 */
export async function importCatalogue(
  database: Database,
  source: ImportSource,
  options: ImportOptions = {},
): Promise<ImportCounts> {
  const counts = { ...NOTHING_DONE };
  await importItems(database, source, counts, options);
  await importEvents(database, source, counts, options);
  return counts;
}

async function importItems(
  database: Database,
  { items }: ImportSource,
  counts: Counting,
  { onProgress, signal, ...mode }: ImportOptions,
): Promise<void> {
  const store = async (transaction: Transaction) => {
    await prepareForBulk(transaction);
    // Another attempt, after the connection broke, would find a part of the stream read.
    if (counts.items > 0) throw new DatabaseError('database: expected a connection that lasts, lost it; import again');
    await allowLongPauses(transaction);
    const tokenizerId = (await findActiveTokenizer(transaction))?.id ?? null;
    const feed = new Feed(transaction, tokenizerId, mode, counts);
    for await (const batch of batches(items, ITEMS_AT_ONCE)) {
      await feed.take(batch);
      counts.items += batch.length;
      onProgress?.({ ...counts });
      signal?.throwIfAborted();
    }
    if (mode.retire) await feed.retireOthers();
    await feed.end();
  };
  await database.write(store, { timeoutMs: LONG_TIMEOUT_MS });
}

async function importEvents(
  database: Database,
  source: ImportSource,
  counts: Counting,
  { onProgress, signal, attributionMs = 7 * DAY_MS }: ImportOptions,
): Promise<void> {
  const events = batches(source.interactions, EVENTS_AT_ONCE);
  const isFill = await fills(database, source);
  const store = async (transaction: Transaction, batch: readonly ImportedInteraction[]) => {
    const added = await importInteractions(transaction, batch, attributionMs);
    counts.newUsers += added.users;
    counts.newInteractions += added.interactions;
    counts.interactions += batch.length;
    onProgress?.({ ...counts });
  };
  /** Goes on in the same transaction. */
  const fill = async (transaction: Transaction, end: number) => {
    while (counts.newInteractions < end && !signal?.aborted) {
      const { value: batch } = await events.next();
      if (!batch) return;
      await store(transaction, batch);
    }
  };
  for await (const first of events) {
    const storeSome = async (transaction: Transaction) => {
      const before = counts.newInteractions;
      await store(transaction, first);
      if (!isFill || counts.newInteractions === before) return;
      const end = before + Math.min(MOST_OF_A_FILL, Math.max(LEAST_OF_A_FILL, before));
      await withoutIndexes(transaction, SCATTERED_INDEXES, () => fill(transaction, end));
    };
    const timeoutMs = LONG_TIMEOUT_MS;
    await database.write((transaction) => countingInserted(transaction, () => storeSome(transaction)), { timeoutMs });
    signal?.throwIfAborted();
  }
}

const NOTHING_DONE: ImportCounts = {
  ...{ items: 0, interactions: 0, newItems: 0, changedItems: 0, removedItems: 0, newUsers: 0, newInteractions: 0 },
};

/** Millions of items are written in one transaction. */
const LONG_TIMEOUT_MS = 60 * 60 * 1000;

/** Indexes of interactions in which those of one user are far apart: each event would change two pages more. */
const SCATTERED_INDEXES = ['Interaction_itemId_idx', 'Interaction_occurredAt_itemId_userId_kind_idx'];

/** Whether an import may bring more than half as many events as SQLite has. Another database itself gathers what it writes. */
async function fills({ provider, read }: Database, { numInteractions = 0 }: ImportSource): Promise<boolean> {
  return provider === 'sqlite' && numInteractions > 1.5 * (await lastInteractionId(read));
}

async function* batches<T>(rows: Stream<T>, size: number): AsyncGenerator<T[], void> {
  let batch: T[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

type Counting = { -readonly [Name in keyof ImportCounts]: ImportCounts[Name] };

/** An item of the source beside its row, and what is to be done to it. */
interface FedItem extends ItemChange {
  readonly deed: Deed;
}

/** The items of one import, within its transaction. */
class Feed {
  /** Ids of the catalogue's items that the source has; empty where others are not removed. */
  private readonly seen = new Set<number>();
  private readonly deeds = new Set<Deed>();
  /** The number of the change; null: nothing has changed yet. */
  private version: number | null = null;

  constructor(
    private readonly transaction: Transaction,
    private readonly tokenizerId: number | null,
    private readonly mode: ImportMode,
    private readonly counts: Counting,
  ) {}

  async take(batch: readonly ImportedItem[]): Promise<void> {
    const items = [...new Map(batch.map((item) => [item.externalId, item])).values()];
    const rows = await readItemsCalled(
      this.transaction,
      items.map(({ externalId }) => externalId),
    );
    if (this.mode.retire) for (const { id } of rows.values()) this.seen.add(id);
    const changes = await this.changesIn(items, rows);
    const written = await writeItems(this.transaction, changes);
    if (this.mode.retire) for (const id of written.values()) this.seen.add(id);
    const present = await this.codesOf([...rows.values()].map(({ id }) => id));
    await this.note(
      changes.map((change) => ({ change, itemId: written.get(change.merged.externalId)! })),
      present,
    );
  }

  private async changesIn(items: readonly ImportedItem[], rows: ReadonlyMap<string, ItemRow>): Promise<FedItem[]> {
    const stored = await readVectors(
      this.transaction,
      items.flatMap(({ vector, externalId }) => (vector === null ? [] : (rows.get(externalId)?.id ?? []))),
    );
    const changes = items.map(({ vector: given, addedAt, removedAt, ...fields }): FedItem => {
      const row = rows.get(fields.externalId) ?? null;
      const own = given && { encoder: given.encoder, dims: given.values.length, vector: given.values };
      if (row === null) {
        return { deed: 'CREATED', row, merged: fields, textChanged: false, vector: own, addedAt, removedAt };
      }
      const has = stored.get(row.id) ?? null;
      if (!this.mode.update) return completed(row, own, has);
      const said = { ...fields, title: fields.title || undefined };
      const merged = mergedItem(row, said);
      const vector = own === null || isSameVector(own, has) ? null : own;
      const isSame = vector === null && hasFields(row, said);
      const deed = deedOf(row.removedAt !== null, removedAt !== undefined, isSame);
      return { deed, row, merged, textChanged: isTextChanged(row, merged), vector, removedAt };
    });
    return changes.filter(({ deed }) => deed !== 'UNCHANGED');
  }

  /** Removes the live items that the source does not have. */
  async retireOthers(): Promise<void> {
    const read = (after: number, take: number) =>
      this.transaction.item.findMany({
        where: { removedAt: null, id: { gt: after } },
        select: { id: true },
        orderBy: { id: 'asc' },
        take,
      });
    const removedAt = new Date();
    for await (const page of pagesOf(0, read, ({ id }) => id)) {
      const gone = page.flatMap(({ id }) => (this.seen.has(id) ? [] : id));
      await this.transaction.item.updateMany({ where: { id: { in: gone } }, data: { removedAt } });
      const present = await this.codesOf(gone);
      const items = gone.map((itemId) => ({ itemId, change: { deed: 'REMOVED' as const, row: null, vector: null } }));
      await this.note(items, present);
    }
  }

  /** Logs what happened to the items, and keeps the counts of prefixes in step. */
  private async note(
    items: readonly { itemId: number; change: Pick<FedItem, 'deed' | 'row' | 'vector' | 'removedAt'> }[],
    present: ReadonlyMap<number, readonly number[]>,
  ): Promise<void> {
    const logged = items.flatMap(({ itemId, change: { deed, row, vector, removedAt } }): LoggedItem[] => {
      this.counts.newItems += deed === 'CREATED' ? 1 : 0;
      this.counts.changedItems += deed === 'UPDATED' || deed === 'RESTORED' ? 1 : 0;
      this.counts.removedItems += deed === 'REMOVED' ? 1 : 0;
      const wasLive = deed === 'REMOVED' || (deed === 'UPDATED' && row?.removedAt === null);
      const isLive = deed !== 'REMOVED' && removedAt === undefined;
      if (!wasLive && !isLive) return [];
      this.deeds.add(deed);
      const codes = present.get(itemId) ?? null;
      const isReencoded = row !== null && vector !== null;
      return [{ itemId, before: wasLive ? codes : null, after: isLive ? codes : null, isReencoded, wasLive, isLive }];
    });
    if (this.tokenizerId !== null) await countPrefixes(this.transaction, this.tokenizerId, logged);
    if (logged.length === 0) return;
    this.version ??= await beginChange(this.transaction, { kind: 'ITEMS_UPSERTED', tokenizerId: this.tokenizerId });
    await logItems(this.transaction, this.version, logged);
  }

  /** Says in the log what kind of a change it was. */
  async end(): Promise<void> {
    const { version } = this;
    if (version === null) return;
    await this.transaction.catalogueLog.update({ where: { version }, data: { kind: kindOf(this.deeds) } });
  }

  private codesOf(itemIds: readonly number[]): Promise<ReadonlyMap<number, readonly number[]>> {
    return readCodes(this.transaction, this.tokenizerId, itemIds);
  }
}

/** An item that stays as it is gets the vector that it lacks, unless it can be made here of its text. */
function completed(row: ItemRow, own: Vector | null, has: Vector | null): FedItem {
  const isMissing = own !== null && has === null && own.encoder !== SENTENCE_ENCODER;
  const merged = mergedItem(row, {});
  const removedAt = row.removedAt ?? undefined;
  const deed = isMissing ? 'UPDATED' : 'UNCHANGED';
  return { deed, row, merged, textChanged: false, vector: isMissing ? own : null, removedAt };
}

/** @param isSame - Whether its fields and its vector are those of the source. */
function deedOf(wasRemoved: boolean, isRemoved: boolean, isSame: boolean): Deed {
  if (wasRemoved !== isRemoved) return isRemoved ? 'REMOVED' : 'RESTORED';
  return isSame ? 'UNCHANGED' : 'UPDATED';
}

/** @returns How many users and events were added. */
async function importInteractions(
  transaction: Transaction,
  batch: readonly ImportedInteraction[],
  attributionMs: number,
): Promise<{ users: number; interactions: number }> {
  const named = await findEvents(transaction, batch);
  const stray = named.findIndex(({ itemId }) => itemId === null);
  if (stray !== -1) {
    const { eventId, userExternalId, itemExternalId } = batch[stray];
    const event = eventId ?? `of user ${userExternalId}`;
    throw new ImportError(`event ${event}: expected an item of the catalogue, got ${itemExternalId}`);
  }
  const known = new Set<string | null>(batch.flatMap(({ eventId }, i) => (named[i].isKnown ? eventId! : [])));
  const unknown = (await withoutKnownTwins(transaction, [...batch.keys()], batch)).filter((i) => {
    const { eventId } = batch[i];
    if (known.has(eventId)) return false;
    if (eventId !== null) known.add(eventId); // the next event with this key is the same one
    return true;
  });
  const newUsers = unknown.flatMap((i) => (named[i].userId === null ? batch[i].userExternalId : []));
  const users = await createMissingUsers(transaction, newUsers);
  const made = await usersNamed(transaction, newUsers);
  const rows = unknown.map((i) => {
    const { eventId, userExternalId, kind, rating = null, occurredAt } = batch[i];
    const userId = named[i].userId ?? made.get(userExternalId)!.id;
    return { eventId, userId, itemId: named[i].itemId!, kind, rating, occurredAt };
  });
  await insertInteractions(transaction, rows, attributionMs);
  return { users, interactions: rows.length };
}

/** Leaves out events without a key that are stored as often as they came in the stream so far. @param positions - In the batch. */
async function withoutKnownTwins(
  transaction: Transaction,
  positions: readonly number[],
  batch: readonly ImportedInteraction[],
): Promise<readonly number[]> {
  const bare = batch.filter(({ eventId }) => eventId === null);
  if (bare.length === 0) return positions;
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
  return positions.filter((i) => {
    const { twin, userExternalId, itemExternalId, kind, occurredAt } = batch[i];
    if (twin === undefined) return true;
    return twin >= (stored.get(twinKey(userExternalId, itemExternalId, kind, occurredAt)) ?? 0);
  });
}

function twinKey(user: string, item: string, kind: string, at: Date): string {
  return JSON.stringify([user, item, kind, at.getTime()]);
}
