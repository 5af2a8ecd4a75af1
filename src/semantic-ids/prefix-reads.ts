/** Reads semantic IDs for the API: codebooks, collisions, and the nodes of the trie. */
import { z } from 'zod';

import type { Page, PageArgs } from '../../graphql/common/records';
import type { ItemRecord } from '../../graphql/item/records';
import type {
  CodebookLevelRecord,
  CollisionSummary,
  PrefixRecord,
  SemanticIdRecord,
} from '../../graphql/semantic-id/records';
import { groupBy } from '../../models/math/arrays';
import { perplexity } from '../../models/semantic-id/codebook-use';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { codesKey, codesOfKey, isCode, keysUnder } from '../storage/code-keys';
import { type Cursors, cursorsOf, decodeCursor, EMPTY_PAGE, pageOf } from '../storage/cursor-pages';
import { ITEM_SELECT, itemRecord } from '../storage/item-columns';
import { semanticIdRecord } from '../storage/records';
import { readCodeHistogram } from '../storage/sql-reads';
import { type ActiveTokenizer, findActiveTokenizer, mayBeginWith } from './active-tokenizer';
import { ShelfNames } from './shelf-names';

const MAX_TERMS = 5;

const CHILD_CURSORS = cursorsOf('prefixChildren', z.string(), (row: { readonly prefixKey: string }) => row.prefixKey);
const ITEM_CURSORS = cursorsOf('prefixItems', z.string(), (row: { readonly codesKey: string }) => row.codesKey);
/** Codes shared with the item, and the key within those. */
const SIMILAR_CURSORS = cursorsOf(
  'similarItems',
  z.tuple([z.int().min(1), z.string()]),
  (row: { readonly shared: number; readonly codesKey: string }): [number, string] => [row.shared, row.codesKey],
);

export class PrefixReads {
  private readonly names: ShelfNames;

  constructor(protected readonly client: PrismaClient) {
    this.names = new ShelfNames(client);
  }

  /** @returns One for each codebook level, coarse to fine; none before a model version is active. */
  async levels(): Promise<CodebookLevelRecord[]> {
    const tokenizer = await this.activeTokenizer();
    if (tokenizer === null) return [];
    const levels = Array.from({ length: tokenizer.numLevels }, (_, level) => this.codebookLevel(tokenizer, level));
    return Promise.all(levels);
  }

  async collisions(): Promise<CollisionSummary> {
    const tokenizer = await this.activeTokenizer();
    if (tokenizer === null) return { collidingItemCount: 0, rate: 0 };
    const { _sum } = await this.client.semanticIdPrefix.aggregate({
      where: collisionGroups(tokenizer),
      _sum: { itemCount: true },
    });
    const collidingItemCount = _sum.itemCount ?? 0;
    const all = await this.tokenizedItemCount();
    return { collidingItemCount, rate: all === 0 ? 0 : collidingItemCount / all };
  }

  /** The live items that have a semantic ID. */
  async tokenizedItemCount(): Promise<number> {
    return (await this.prefix([]))?.itemCount ?? 0;
  }

  async largestCollisionGroups(first: number): Promise<PrefixRecord[]> {
    const tokenizer = await this.activeTokenizer();
    if (tokenizer === null) return [];
    const rows = await this.client.semanticIdPrefix.findMany({
      where: collisionGroups(tokenizer),
      orderBy: [{ itemCount: 'desc' }, { prefixKey: 'asc' }],
      take: first,
    });
    return rows.map(prefixRecord);
  }

  async prefix(codes: readonly number[]): Promise<PrefixRecord | null> {
    return (await this.prefixes([codes]))[0];
  }

  /** @returns One for each key, in the order of the keys; null where no item has those codes first. */
  async prefixes(keys: readonly (readonly number[])[]): Promise<(PrefixRecord | null)[]> {
    const tokenizer = await this.activeTokenizer();
    if (tokenizer === null) return keys.map(() => null);
    const valid = keys.filter((codes) => codes.every(isCode));
    const rows = await this.client.semanticIdPrefix.findMany({
      where: {
        tokenizerId: tokenizer.id,
        OR: [...groupBy(valid, ({ length }) => length)].map(([level, prefixes]) => ({
          level,
          prefixKey: { in: prefixes.map(codesKey) },
        })),
      },
    });
    const byKey = new Map(rows.map((row) => [row.prefixKey, prefixRecord(row)]));
    return keys.map((codes) => (codes.every(isCode) ? (byKey.get(codesKey(codes)) ?? null) : null));
  }

  /** @returns One for each item, in the order given; null where it has no codes or is removed. */
  async semanticIds(itemIds: readonly number[]): Promise<(SemanticIdRecord | null)[]> {
    const tokenizer = await this.activeTokenizer();
    if (tokenizer === null) return itemIds.map(() => null);
    const rows = await this.client.semanticId.findMany({
      where: { tokenizerId: tokenizer.id, itemId: { in: [...itemIds] }, item: { removedAt: null } },
      select: { itemId: true, codesKey: true },
    });
    const byItem = new Map(rows.map((row) => [row.itemId, semanticIdRecord(row)]));
    return itemIds.map((itemId) => byItem.get(itemId) ?? null);
  }

  async prefixChildren(codes: readonly number[], { first, after }: PageArgs): Promise<Page<PrefixRecord>> {
    const tokenizer = await this.activeTokenizer();
    const level = codes.length + 1;
    if (!mayBeginWith(tokenizer, codes) || level > tokenizer.idLength) return EMPTY_PAGE;
    const prefixKey = { ...keysUnder(codes, level), ...keysAfter(after, CHILD_CURSORS) };
    const rows = await this.client.semanticIdPrefix.findMany({
      where: { tokenizerId: tokenizer.id, level, prefixKey },
      orderBy: { prefixKey: 'asc' },
      take: first + 1,
    });
    return pageOf(rows, first, CHILD_CURSORS, prefixRecord);
  }

  /** In the order of their codes. */
  async prefixItems(codes: readonly number[], { first, after }: PageArgs): Promise<Page<ItemRecord>> {
    const tokenizer = await this.activeTokenizer();
    if (!mayBeginWith(tokenizer, codes)) return EMPTY_PAGE;
    const rows = await this.client.semanticId.findMany({
      where: {
        tokenizerId: tokenizer.id,
        codesKey: { ...keysUnder(codes, tokenizer.idLength), ...keysAfter(after, ITEM_CURSORS) },
        item: { removedAt: null },
      },
      select: { codesKey: true, item: { select: ITEM_SELECT } },
      orderBy: { codesKey: 'asc' },
      take: first + 1,
    });
    return pageOf(rows, first, ITEM_CURSORS, (row) => itemRecord(row.item));
  }

  async prefixTerms(codes: readonly number[]): Promise<string[]> {
    const tokenizer = await this.activeTokenizer();
    return mayBeginWith(tokenizer, codes) ? this.names.termsOf(tokenizer, codes, MAX_TERMS) : [];
  }

  /** Walks up from the item's longest proper prefix to its first code. Each prefix adds the items that are under no longer prefix. */
  async similarItems(itemId: number, { first, after }: PageArgs): Promise<Page<ItemRecord>> {
    const tokenizer = await this.activeTokenizer();
    const own = tokenizer && (await this.codesOf(tokenizer, itemId));
    if (tokenizer === null || own === null) return EMPTY_PAGE;
    const [start, afterKey] = after === null ? [tokenizer.idLength - 1, ''] : decodeCursor(after, SIMILAR_CURSORS);
    const found: { shared: number; codesKey: string; item: ItemRecord }[] = [];
    for (let shared = Math.min(start, tokenizer.idLength - 1); shared >= 1 && found.length <= first; shared--) {
      const rows = await this.client.semanticId.findMany({
        where: {
          tokenizerId: tokenizer.id,
          codesKey: { ...keysUnder(own.slice(0, shared), tokenizer.idLength), gt: shared === start ? afterKey : '' },
          NOT: { codesKey: { ...keysUnder(own.slice(0, shared + 1), tokenizer.idLength) } },
          item: { removedAt: null },
        },
        select: { codesKey: true, item: { select: ITEM_SELECT } },
        orderBy: { codesKey: 'asc' },
        take: first + 1 - found.length,
      });
      found.push(...rows.map((row) => ({ shared, codesKey: row.codesKey, item: itemRecord(row.item) })));
    }
    return pageOf(found, first, SIMILAR_CURSORS, (row) => row.item);
  }

  private activeTokenizer(): Promise<ActiveTokenizer | null> {
    return findActiveTokenizer(this.client);
  }

  private async codesOf(tokenizer: ActiveTokenizer, itemId: number): Promise<number[] | null> {
    const where = { tokenizerId_itemId: { tokenizerId: tokenizer.id, itemId } };
    const row = await this.client.semanticId.findUnique({ where });
    return row && codesOfKey(row.codesKey);
  }

  private async codebookLevel(tokenizer: ActiveTokenizer, level: number): Promise<CodebookLevelRecord> {
    const counts = await readCodeHistogram(this.client, tokenizer.id, level);
    const histogram = Array.from({ length: tokenizer.codebookSize }, (_, code) => counts.get(code) ?? 0);
    return {
      level,
      size: tokenizer.codebookSize,
      usedCodes: histogram.filter((count) => count > 0).length,
      perplexity: perplexity(histogram),
      histogram,
    };
  }
}

function collisionGroups(tokenizer: ActiveTokenizer) {
  return { tokenizerId: tokenizer.id, level: tokenizer.numLevels, itemCount: { gt: 1 } };
}

function prefixRecord(row: { prefixKey: string; itemCount: number }): PrefixRecord {
  return { codes: codesOfKey(row.prefixKey), itemCount: row.itemCount };
}

function keysAfter(after: string | null, cursors: Cursors<never, string>): { gt?: string } {
  return after === null ? {} : { gt: decodeCursor(after, cursors) };
}
