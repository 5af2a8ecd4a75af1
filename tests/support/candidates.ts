/** Candidates and weights of lists, from what a test says of each part. */
import type { Candidates, ListWeights, Part, Shares } from '../../models/decoding/mixture';
import { PARTS, sharesBy } from '../../models/decoding/mixture';
import type { ListMaking, MixtureWeights } from '../../models/serving/tiger-parts';

type ByItem = Readonly<Record<number, number>>;
/** Item → its probability by a part. */
export type Said = Readonly<Partial<Record<Part, ByItem>>>;

/**
 * @param cosines - Item → the cosine of its text and the history's; null: there are no texts.
 * @param textWeight - The weight for which the sums hold.
 */
export function candidatesOf(said: Said, cosines: ByItem | null = null, textWeight = 0): Candidates {
  const parts = PARTS.flatMap((part) => (said[part] === undefined ? [] : [[part, said[part]] as const]));
  const itemIds = Int32Array.from(new Set(parts.flatMap(([, byItem]) => Object.keys(byItem).map(Number)))).sort();
  const factor = (itemId: number) => Math.exp(textWeight * (cosines?.[itemId] ?? 0));
  const sumOf = (byItem: ByItem) => Object.entries(byItem).reduce((sum, [id, p]) => sum + p * factor(Number(id)), 0);
  const found = Object.entries(said.decoder ?? {}).sort(([, p], [, other]) => other - p);
  return {
    itemIds,
    probabilities: Object.fromEntries(
      parts.map(([part, byItem]) => [part, Float64Array.from(itemIds, (id) => byItem[id] ?? 0)]),
    ),
    cosines: cosines && Float64Array.from(itemIds, (id) => cosines[id] ?? 0),
    sums: Object.fromEntries(parts.map(([part, byItem]) => [part, sumOf(byItem)])),
    found: found.map(([id, p]) => ({
      itemId: Number(id),
      score: Math.log(p),
      priority: Math.log(p),
      codes: [Number(id), 0],
      logProbabilities: [Math.log(p), 0],
    })),
  };
}

/** @param shares - The parts left out have 0. */
export function listWeights(shares: Partial<Shares>, textWeight = 0): ListWeights {
  return { shares: sharesBy((part) => shares[part] ?? 0), textWeight };
}

export function listMaking(shares: Partial<Shares>, changes: Partial<ListMaking> = {}): ListMaking {
  return { ...listWeights(shares), neighbourDecay: 1, repeats: { ageing: 0, kinds: 0 }, ...changes };
}

/** @returns The same weights for both kinds of lists. */
export function bothKinds(shares: Partial<Shares>, changes: Partial<ListMaking> = {}): MixtureWeights {
  const making = listMaking(shares, changes);
  return { unseen: making, seenKept: making };
}
