/** What else was likely at a step of the path: the same question asked of the items under the prefix before it. */
import { itemName } from '../../../components/item-list/item-name';
import type { LikelyCodesFragment } from '../../../graphql/graphql';

export interface LikelyCode {
  readonly code: number;
  /** 0–1, among all codes that lead to an item here. */
  readonly probability: number;
  /** The likeliest item under it. */
  readonly example: string;
}

/** @returns Codes of one level that the list's items have, likeliest first; each once. */
export function likelyCodes({ nodes }: LikelyCodesFragment, level: number): LikelyCode[] {
  const byCode = new Map<number, LikelyCode>();
  for (const { item, explanation } of nodes) {
    const step = explanation.find((step) => step.level === level);
    if (step === undefined || byCode.has(step.code)) continue;
    byCode.set(step.code, { code: step.code, probability: Math.exp(step.logProbability), example: itemName(item) });
  }
  return [...byCode.values()].sort((one, other) => other.probability - one.probability);
}
