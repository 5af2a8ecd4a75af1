/** Finds the shelves, prefixes of semantic IDs, that a text asks for or does not want, such as "outdoor, no glass". */
import { LRUCache } from 'lru-cache';

import { itemText } from '../../models/text/item-text';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { type ActiveTokenizer, findActiveTokenizer } from './active-tokenizer';
import { assignCodes, type CodeAssigner } from './code-assigner';
import type { PrefixReads } from './prefix-reads';

/** A shelf has so many items at least, if there is one that is as large. */
const MIN_ITEMS = 4;
const MAX_PARTS = 5;
/** Texts whose codes are kept. */
const MAX_KNOWN = 500;

/** A part of a text. */
export interface TextPart {
  readonly text: string;
  /** Whether it names what is not wanted. */
  readonly isLess: boolean;
}

export interface TextShelves extends TextPart {
  /** The prefixes that it lies nearest to; none: it is not understood. */
  readonly prefixes: readonly (readonly number[])[];
}

/** Where a wish begins within a part, and whether it is for less. */
const LESS = 'no|not|without|less|fewer';
const BEGINS = new RegExp(`[,;]|\\s+(?:and|but)\\s+|\\b(?=(?:${LESS}|more)\\s)`, 'i');
const NAMED_LESS = new RegExp(`^(?:${LESS})\\s+`, 'i');

/** @returns The wishes in a text: those that begin with "no", "not", "without", "less" or "fewer" are for less. */
export function partsOf(text: string): TextPart[] {
  const parts = text.split(BEGINS).map((part) => part.trim());
  const wishes = parts.map((part) => ({
    text: part.replace(NAMED_LESS, '').replace(/^more\s+/i, ''),
    isLess: NAMED_LESS.test(part),
  }));
  return wishes.filter((wish) => wish.text !== '').slice(0, MAX_PARTS);
}

interface TextShelfParts {
  readonly client: PrismaClient;
  readonly assigner: CodeAssigner;
  readonly prefixes: Pick<PrefixReads, 'prefixes'>;
}

export class TextShelfFinder {
  /** Shelves by tokenizer and text. */
  private readonly known = new LRUCache<string, Promise<number[][]>>({ max: MAX_KNOWN });

  constructor(private readonly parts: TextShelfParts) {}

  /**
   * A wish lies where the tokenizer would put an item of that name, or of that category.
   *
   * @returns One for each wish; null when no tokenizer is active, or it reads vectors of the shop's own and no texts.
   */
  async find(text: string): Promise<TextShelves[] | null> {
    const tokenizer = await findActiveTokenizer(this.parts.client);
    if (tokenizer === null) return null;
    const wishes = partsOf(text);
    const codes = await Promise.all(wishes.map((wish) => this.codesOf(wish.text, tokenizer)));
    if (codes.some((ofWish) => ofWish.length === 0)) return null;
    return Promise.all(wishes.map(async (wish, i) => ({ ...wish, prefixes: await this.shelvesOf(codes[i]) })));
  }

  private codesOf(text: string, tokenizer: ActiveTokenizer): Promise<number[][]> {
    const key = `${tokenizer.id} ${text.toLowerCase()}`;
    const kept = this.known.get(key);
    if (kept !== undefined) return kept;
    const codes = this.assign(text, tokenizer);
    this.known.set(key, codes);
    codes.catch(() => this.known.delete(key));
    return codes;
  }

  private async assign(text: string, tokenizer: ActiveTokenizer): Promise<number[][]> {
    const texts = [itemText({ title: text }), itemText({ title: text, categories: [text] })];
    const items = texts.map((one) => ({ text: one, embedding: null }));
    const { vectors, dims } = await this.parts.assigner.encode(items);
    if (dims !== tokenizer.dims) return [];
    const rows = texts.map((_, row) => vectors.subarray(row * dims, (row + 1) * dims));
    return assignCodes(this.parts.assigner, tokenizer, rows);
  }

  /** @returns The longest prefixes that have enough items, else the first codes; each once. */
  private async shelvesOf(all: readonly (readonly number[])[]): Promise<number[][]> {
    const shelves = await Promise.all(
      all.map(async (codes) => {
        const prefixes = codes.map((_, i) => codes.slice(0, codes.length - i)); // the longest first
        const found = await this.parts.prefixes.prefixes(prefixes);
        const at = found.findIndex((prefix) => prefix !== null && prefix.itemCount >= MIN_ITEMS);
        if (at !== -1) return prefixes[at];
        return found.at(-1) ? prefixes[prefixes.length - 1] : null;
      }),
    );
    const byKey = new Map(shelves.filter((codes) => codes !== null).map((codes) => [codes.join('.'), codes]));
    return [...byKey.values()];
  }
}
