/** Reads the numbered changes of the catalogue, which `ChangeLog` writes, and keeps answers that hold until the next change. */
import { LRUCache } from 'lru-cache';

import type { CodeChange } from '../../models/decoding/trie';
import type { CatalogueLog, CatalogueLogItem } from '../../prisma/generated/sqlite/client';
import { pagesOf, readInPages } from './bulk-reads';
import { codesOfKey } from './code-keys';
import type { Transaction } from './transaction';

/** An item that a change touches, whether its codes change or not. */
export interface LoggedItem extends CodeChange {
  /** Whether its vector is another one than before, so that no tokenizer's codes of the former vector hold any more. */
  readonly isReencoded?: boolean;
  /** Whether it was in the catalogue before; absent: it was. */
  readonly wasLive?: boolean;
  /** Whether it is in the catalogue now; absent: it is. */
  readonly isLive?: boolean;
}

/** @returns The number of the last change; 0 before the first. It is one step in the index: Prisma's `_max` reads the whole log. */
export async function currentVersion(client: Transaction): Promise<number> {
  const newest = await client.catalogueLog.findFirst({ orderBy: { version: 'desc' }, select: { version: true } });
  return newest?.version ?? 0;
}

/** @returns The last change; null before the first. */
export function newestChange(client: Transaction): Promise<LogMark | null> {
  return client.catalogueLog.findFirst({ orderBy: { version: 'desc' }, select: { version: true, createdAt: true } });
}

/** Tells a change from another one that got its number after the database had lost it. */
export type LogMark = Pick<CatalogueLog, 'version' | 'createdAt'>;

export type LogRow = Pick<CatalogueLog, 'version' | 'kind' | 'payload' | 'createdAt'>;

const LOG_ROW = { version: true, kind: true, payload: true, createdAt: true };

/** @returns The changes after a version, up to `last`, oldest first. */
export function rowsAfter(client: Transaction, version: number, last: number): Promise<LogRow[]> {
  return readInPages(
    version,
    (after, take) =>
      client.catalogueLog.findMany({
        where: { version: { gt: after, lte: last } },
        select: LOG_ROW,
        orderBy: { version: 'asc' },
        take,
      }),
    (row) => row.version,
  );
}

/** Activations that are read at once. */
const ACTIVATIONS_PER_PAGE = 1_000;

/** @returns The first activations after a version, by ascending or descending version. An index finds them among many other changes. */
export function activationRows(client: Transaction, version: number, order: 'asc' | 'desc'): Promise<LogRow[]> {
  return client.catalogueLog.findMany({
    where: { version: { gt: version }, kind: 'MODEL_ACTIVATED' },
    select: LOG_ROW,
    orderBy: { version: order },
    take: ACTIVATIONS_PER_PAGE,
  });
}

/** @returns What one change did, by ascending item id. */
export async function readLogItems(client: Transaction, version: number): Promise<LoggedItem[]> {
  const rows = await readInPages(
    0,
    (after, take) =>
      client.catalogueLogItem.findMany({
        where: { version, itemId: { gt: after } },
        orderBy: { itemId: 'asc' },
        take,
      }),
    ({ itemId }) => itemId,
  );
  return rows.map(({ itemId, beforeKey, afterKey, isReencoded }) => ({
    itemId,
    before: codesOrNull(beforeKey),
    after: codesOrNull(afterKey),
    isReencoded,
  }));
}

/** Changes whose items are read together: each may have touched 1,000 items. */
const CHANGES_PER_WINDOW = 25;

/** An item that came, went or got another text, vector or codes. */
export interface ChangedItem extends CatalogueLogItem {
  /** The tokenizer of its codes. */
  readonly tokenizerId: number | null;
}

/**
 * Reads the log piece by piece: a shop that changes all prices every night has millions of rows that say nothing here, and they stay in the
 * database.
 *
 * @returns The items of the changes after a version, oldest first, and of each piece the last change.
 */
export async function* changedItems(
  client: Transaction,
  version: number,
): AsyncGenerator<{ readonly last: number; readonly items: readonly ChangedItem[] }> {
  const readChanges = (after: number, take: number) =>
    client.catalogueLog.findMany({
      where: { version: { gt: after } },
      select: { version: true, payload: true },
      orderBy: { version: 'asc' },
      take,
    });
  for await (const changes of pagesOf(version, readChanges, (row) => row.version, CHANGES_PER_WINDOW)) {
    const last = changes[changes.length - 1].version;
    const tokenizers = new Map(changes.map((change) => [change.version, tokenizerOf(change.payload)]));
    const rows = await readChangedItems(client, changes[0].version, last);
    yield { last, items: rows.map((row) => ({ ...row, tokenizerId: tokenizers.get(row.version) ?? null })) };
  }
}

function tokenizerOf(payload: unknown): number | null {
  return (payload as { readonly tokenizerId: number | null }).tokenizerId;
}

function readChangedItems({ catalogueLogItem }: Transaction, first: number, last: number): Promise<CatalogueLogItem[]> {
  const isToRead = {
    OR: [
      { isReencoded: true },
      { wasLive: false },
      { isLive: false },
      { beforeKey: null, afterKey: { not: null } },
      { beforeKey: { not: null }, afterKey: null },
      { beforeKey: { not: { equals: catalogueLogItem.fields.afterKey } } },
    ],
  };
  return readInPages<CatalogueLogItem, Pick<CatalogueLogItem, 'version' | 'itemId'>>(
    { version: first, itemId: 0 },
    ({ version, itemId }, take) =>
      catalogueLogItem.findMany({
        where: {
          // The third condition implies the first, but only the first has an index.
          version: { gte: version, lte: last },
          AND: [isToRead, { OR: [{ version: { gt: version } }, { version, itemId: { gt: itemId } }] }],
        },
        orderBy: [{ version: 'asc' }, { itemId: 'asc' }],
        take,
      }),
    (row) => row,
  );
}

/** An item that changed since a version, as far as its codes and its place in the trie go. */
export interface Touched {
  /** Whether the item was live at that version. */
  readonly wasLive: boolean;
  /** Whether its text or vector changed since then. */
  readonly isReencoded: boolean;
}

/** Items that the changes after `since`, up to `last`, touched. */
export interface TouchedItems {
  readonly since: number;
  readonly last: number;
  /** The items that came, went or got another text or vector, by their ids. */
  readonly items: ReadonlyMap<number, Touched>;
}

/** @param known - An earlier answer for the same version: only changes that came later are read. */
export async function touchedSince(
  client: Transaction,
  version: number,
  known: TouchedItems | null = null,
): Promise<TouchedItems> {
  const touched = new Map(known?.items);
  let last = known?.last ?? version;
  for await (const piece of changedItems(client, last)) {
    for (const { itemId, isReencoded, wasLive, isLive } of piece.items) {
      if (!isReencoded && wasLive && isLive) continue;
      const first = touched.get(itemId) ?? { wasLive, isReencoded: false };
      touched.set(itemId, { ...first, isReencoded: first.isReencoded || isReencoded });
    }
    ({ last } = piece);
  }
  return { since: version, last, items: touched };
}

function codesOrNull(key: string | null): number[] | null {
  return key === null ? null : codesOfKey(key);
}

const MAX_ANSWERS = 32;

export class VersionedReads {
  private readonly answers = new LRUCache<string, Promise<unknown>>({ max: MAX_ANSWERS });

  constructor(private readonly client: Transaction) {}

  /** @param name - Names the question: equal names share an answer. @param read - Asks the database. */
  async of<T>(name: string, read: () => Promise<T>): Promise<T> {
    const key = `${await currentVersion(this.client)} ${name}`;
    const kept = this.answers.get(key) as Promise<T> | undefined;
    const answer = kept ?? read();
    if (kept === undefined) this.answers.set(key, answer);
    answer.catch(() => this.answers.delete(key)); // the next call tries again
    return answer;
  }
}
