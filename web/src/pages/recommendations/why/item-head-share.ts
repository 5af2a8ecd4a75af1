import type { Figure } from '../../../components/quality/quality-figures';
import type { Settings } from '../recommendations-state';

/**
 * @param figures - Those of the model version.
 * @returns How much the item head counts in a list that is made so: nothing in one that is drawn by chance, which is the decoder's alone.
 */
export function itemHeadShare(
  figures: readonly Figure[],
  { temperature, seen }: Pick<Settings, 'temperature' | 'seen'>,
): number {
  if (temperature > 0) return 0;
  const valueOf = (wanted: string) => figures.find(({ name }) => name === wanted)?.value;
  return (seen ? valueOf('seen-kept.item-head.share') : undefined) ?? valueOf('item-head.share') ?? 0;
}
