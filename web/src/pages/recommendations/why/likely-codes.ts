/** Other likely codes at a step of the path: the same list asked for items under the prefix before it. */
import { itemName } from '../../../components/format/format';
import type { Figure } from '../../../components/quality/quality-figures';
import type { FullListFragment, LikelyCodesFragment } from '../../../graphql/graphql';
import type { Settings } from '../recommendations-state';

export interface LikelyCode {
  readonly code: number;
  /** 0–1, among all codes that lead to an item here. */
  readonly probability: number;
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

/** How much each head counts in a list. */
export interface HeadShares {
  readonly decoder: number;
  readonly itemHead: number;
}

/**
 * @param figures - Those of the model version.
 * @returns The shares in a list that is made so. One that is drawn by chance is the decoder's alone.
 */
export function headShares(
  figures: readonly Figure[],
  { temperature }: Pick<Settings, 'temperature'>,
  { includesSeen }: Pick<FullListFragment, 'includesSeen'>,
): HeadShares {
  if (temperature > 0) return { decoder: 1, itemHead: 0 };
  const valueOf = (wanted: string) => figures.find(({ name }) => name === wanted)?.value;
  const shareOf = (part: keyof HeadShares) =>
    (includesSeen ? valueOf(`seen-kept.share.${part}`) : undefined) ?? valueOf(`share.${part}`) ?? 0;
  return { decoder: shareOf('decoder'), itemHead: shareOf('itemHead') };
}
