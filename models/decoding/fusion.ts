/** One list from both heads: a mixture of their probabilities. */
import type { FoundItem } from './beam-search';

/** What each head says of one user. */
export interface Candidates {
  readonly generated: readonly FoundItem[];
  /** Item ids by the item head, best first; null for a model without one. */
  readonly retrieved: readonly number[] | null;
  /** @returns The item head's, over all items known in training, so that a filter moves no score; null for an item it does not know. */
  logProbability(itemId: number): number | null;
}

export interface FusedItem {
  readonly itemId: number;
  /** Natural log of the mixture's probability. */
  readonly score: number;
  /** Null: the decoder has not written it. */
  readonly generated: FoundItem | null;
  /** The item head's log-probability; null: it does not know the item. */
  readonly retrieved: number | null;
  /** Whether the decoder's part of the mixture is at least as large as the item head's. */
  readonly isMostlyGenerated: boolean;
}

/**
 * p = (1 − share) · p(generated) + share · p(item head). An item that the beam has not reached counts as never written.
 *
 * @param share - Of the item head, from 0, where there is none, to below 1, which would make an item that it does not know
 *   impossible.
 * @returns All candidates of either head, best first; of the decoder alone in its own order, which sampling decides.
 */
export function fuse({ generated, retrieved, logProbability }: Candidates, share: number): FusedItem[] {
  const found = new Map(generated.map((one) => [one.itemId, one]));
  const itemIds = new Set([...found.keys(), ...(share > 0 ? (retrieved ?? []) : [])]);
  const items = Array.from(itemIds, (itemId): FusedItem => {
    const [one, other] = [found.get(itemId) ?? null, logProbability(itemId)];
    const written = one === null ? 0 : (1 - share) * Math.exp(one.score);
    const known = other === null ? 0 : share * Math.exp(other);
    const [score, isMostlyGenerated] = [Math.log(written + known), written >= known];
    return { itemId, score, generated: one, retrieved: other, isMostlyGenerated };
  });
  return share === 0 ? items : items.sort((a, b) => b.score - a.score);
}
