/**
 * Names the prefixes of semantic IDs by the terms that tell their items apart from the others under the same parent, not by those that are
 * frequent in both: the log-odds ratio of a term with a Dirichlet prior, in standard deviations.
 *
 * Source: Monroe, Colaresi and Quinn (2008), "Fightin' Words", section 3.5; the prior is the parent's own frequency.
 */
import { withoutEntities } from '../../models/text/item-text';
import type { PrismaClient } from '../../prisma/generated/sqlite/client';
import { VersionedReads } from '../storage/change-log-reads';
import { codesKey, keysUnder } from '../storage/code-keys';
import { readShelfItems, type ShelfItem } from '../storage/sql-reads';
import type { ActiveTokenizer } from './active-tokenizer';

/** Items that are read of a prefix and of its parent: names of large shelves come from a sample, spread evenly. */
const MAX_OWN = 60;
const MAX_OF_PARENT = 5_000;
/** The prior weighs as much as so many items. */
const PRIOR_ITEMS = 10;
/** In standard deviations; terms below it say nothing of the shelf. */
const MIN_DISTINCTION = 0.5;

/** The codes of a prefix. */
type Prefix = readonly number[];

/** In how many items each term is. */
export interface TermCounts {
  readonly items: number;
  readonly counts: ReadonlyMap<string, number>;
}

export class ShelfNames {
  private readonly versioned: VersionedReads;

  constructor(private readonly client: PrismaClient) {
    this.versioned = new VersionedReads(client);
  }

  /** @returns The terms that tell a prefix apart from the others under its parent, the best first; none for the root. */
  async termsOf(tokenizer: ActiveTokenizer, codes: Prefix, first: number): Promise<string[]> {
    if (codes.length === 0) return [];
    const own = await this.countsOf(tokenizer, codes, MAX_OWN);
    const parent = codes.slice(0, -1);
    const ofParent = await this.versioned.of(`terms ${tokenizer.id} ${codesKey(parent)}`, () =>
      this.countsOf(tokenizer, parent, MAX_OF_PARENT),
    );
    return tellingTerms(own, ofParent, first);
  }

  private async countsOf({ id, idLength }: ActiveTokenizer, codes: Prefix, most: number): Promise<TermCounts> {
    const prefix = { tokenizerId: id, level: codes.length, prefixKey: codesKey(codes) };
    const row = await this.client.semanticIdPrefix.findUnique({ where: { tokenizerId_level_prefixKey: prefix } });
    const every = Math.max(1, Math.ceil((row?.itemCount ?? 0) / most));
    return countTerms(await readShelfItems(this.client, id, { range: keysUnder(codes, idLength), every }, most));
  }
}

export function countTerms(items: readonly ShelfItem[]): TermCounts {
  const counts = new Map<string, number>();
  for (const item of items) for (const term of new Set(termsIn(item))) counts.set(term, (counts.get(term) ?? 0) + 1);
  return { items: items.length, counts };
}

/** @returns The terms that most tell the items apart from all of the parent, without those that say the same. */
export function tellingTerms(own: TermCounts, parent: TermCounts, first: number): string[] {
  const ranked = Array.from(own.counts.keys(), (term) => ({ term, z: distinction(term, own, parent) }))
    .filter(({ z }) => z >= MIN_DISTINCTION)
    .sort((a, b) => b.z - a.z || (a.term < b.term ? -1 : 1));
  const chosen: string[] = [];
  for (const { term } of ranked) {
    if (chosen.length === first) break;
    const saysTheSame = (other: string) => isWithin(term, other) || isWithin(other, term);
    if (!chosen.some(saysTheSame)) chosen.push(term);
  }
  return chosen;
}

/** The difference of the log-odds, divided by its standard deviation. An item has a term or not: so the prior is a beta distribution. */
function distinction(term: string, own: TermCounts, parent: TermCounts): number {
  const theirs = parent.counts.get(term) ?? 0;
  const prior = (PRIOR_ITEMS * (theirs + 1)) / (parent.items + 2);
  const sides = [
    [own.counts.get(term) ?? 0, own.items],
    [theirs, parent.items],
  ].map(([count, items]) => ({ having: count + prior, lacking: items - count + PRIOR_ITEMS - prior }));
  const [ours, all] = sides.map(({ having, lacking }) => Math.log(having / lacking));
  const variance = sides.reduce((sum, { having, lacking }) => sum + 1 / having + 1 / lacking, 0);
  return (ours - all) / Math.sqrt(variance);
}

/** Upper and lower case, and the plural in s, are the same. */
function isWithin(term: string, other: string): boolean {
  return ` ${other.toLowerCase()}`.includes(` ${term.toLowerCase().replace(/s$/, '')}`);
}

/** Words of a title: letters alone, and no short ones. */
const WORD = /\p{L}{3,}/gu;

function termsIn({ title, brand, categories }: ShelfItem): string[] {
  const words = withoutEntities(title).toLowerCase().match(WORD) ?? [];
  return [...categories, ...(brand === null ? [] : [brand]), ...words];
}
