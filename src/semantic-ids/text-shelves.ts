/** Finds the shelves, prefixes of semantic IDs, that a text asks for or does not want, such as "outdoor, no glass". */
import { LRUCache } from 'lru-cache';

import { Rows } from '../../models/math/rows';
import { itemText } from '../../models/text/item-text';
import type { CodeAssigner } from './code-assigner';
import type { PrefixReads } from './prefix-reads';

/** A shelf has so many items at least. */
const MIN_ITEMS = 4;
const MAX_PARTS = 5;
/** Texts whose vectors are kept. */
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
  readonly assigner: Pick<CodeAssigner, 'encode'>;
  readonly prefixes: Pick<PrefixReads, 'prefixes' | 'semanticIds'>;
  /** @returns Of each vector the live items whose texts are nearest, the nearest first; null: the live model reads no such vectors. */
  readonly nearTexts: (vectors: readonly Float32Array[], size: number) => Promise<readonly Int32Array[] | null>;
}

export class TextShelfFinder {
  /** Keyed by text. */
  private readonly known = new LRUCache<string, Float32Array>({ max: MAX_KNOWN });

  constructor(private readonly parts: TextShelfParts) {}

  /**
   * A wish means the shelves that most of the items have whose texts are nearest to it.
   *
   * @returns One for each wish; null when no model is live, or it reads vectors of the shop's own and no texts.
   */
  async find(text: string): Promise<TextShelves[] | null> {
    const { prefixes, nearTexts } = this.parts;
    const wishes = partsOf(text);
    const [root] = await prefixes.prefixes([[]]);
    const vectors = await this.vectorsOf(wishes.map((wish) => wish.text));
    const near = root && (await nearTexts(vectors, nearSize(root.itemCount)));
    if (near === null) return null;
    return Promise.all(wishes.map(async (wish, i) => ({ ...wish, prefixes: await this.shelvesOf(near[i]) })));
  }

  private async vectorsOf(texts: readonly string[]): Promise<Float32Array[]> {
    const unknown = texts.filter((text) => !this.known.has(text));
    if (unknown.length > 0) {
      const items = unknown.map((title) => ({ text: itemText({ title }), embedding: null }));
      const { vectors, dims } = await this.parts.assigner.encode(items);
      const rows = new Rows(vectors, dims);
      unknown.forEach((text, row) => this.known.set(text, rows.row(row).slice()));
    }
    return texts.map((text) => this.known.get(text)!);
  }

  private async shelvesOf(itemIds: Int32Array): Promise<number[][]> {
    const ids = (await this.parts.prefixes.semanticIds([...itemIds])).flatMap((id) => (id === null ? [] : [id.codes]));
    const candidates = distinct(ids.flatMap((codes) => codes.slice(1).map((_, i) => codes.slice(0, i + 1))));
    const found = await this.parts.prefixes.prefixes(candidates);
    const large = found.filter((prefix) => prefix !== null).filter(({ itemCount }) => itemCount >= MIN_ITEMS);
    return bestShelves(ids, large);
  }
}

/** How many of the nearest items are looked at: a fiftieth of the catalogue, within these bounds. */
function nearSize(itemCount: number): number {
  return Math.min(60, Math.max(6, Math.round(itemCount / 50)));
}

/** Shelves of a wish, and the share of the nearest items that each must have. */
const MAX_SHELVES = 3;
const MIN_SHARE = 0.1;

/**
 * Chooses, one after another, the shelf that has most of the items and few others: with the largest F1.
 *
 * @param ids - Semantic IDs of the items whose texts are nearest.
 */
export function bestShelves(
  ids: readonly (readonly number[])[],
  shelves: readonly { readonly codes: readonly number[]; readonly itemCount: number }[],
): number[][] {
  const chosen: number[][] = [];
  let rest = ids;
  while (chosen.length < MAX_SHELVES) {
    const ranked = shelves
      .map(({ codes, itemCount }) => ({ codes, itemCount, near: rest.filter((id) => isUnder(codes, id)).length }))
      .filter(({ near }) => near >= Math.max(2, MIN_SHARE * ids.length))
      .filter((shelf) => !chosen.some((codes) => isUnder(codes, shelf.codes) || isUnder(shelf.codes, codes)))
      .sort((a, b) => f1(b, rest.length) - f1(a, rest.length) || a.codes.length - b.codes.length);
    if (ranked.length === 0) break;
    const [{ codes }] = ranked;
    chosen.push([...codes]);
    rest = rest.filter((id) => !isUnder(codes, id));
  }
  return chosen;
}

function f1({ near, itemCount }: { readonly near: number; readonly itemCount: number }, wanted: number): number {
  return (2 * near) / (wanted + itemCount);
}

function isUnder(prefix: readonly number[], id: readonly number[]): boolean {
  return prefix.every((code, level) => id[level] === code);
}

function distinct(prefixes: readonly (readonly number[])[]): (readonly number[])[] {
  return [...new Map(prefixes.map((codes) => [codes.join('.'), codes])).values()];
}
