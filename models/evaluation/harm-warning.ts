/** Says when a simple list is better than the model's: then the model costs more than it gives. */
import { isClearlyBetter, meanNdcg } from './metrics';

/** These simple lists are told of when they are better by more than this many standard errors of the difference. */
const HARM: Readonly<Record<string, { readonly errors: number; readonly list: string }>> = {
  popularity: { errors: 0, list: 'the most popular items' },
  'item-knn-tuned': { errors: 2, list: 'what is bought near the items of the history (item-kNN)' },
  'own-items': { errors: 2, list: 'what the user took last and most often' },
};

/**
 * @param name - Of the baseline.
 * @param ranks - Of its lists.
 * @param served - The ranks of the model's lists, for the same users.
 * @param kind - What the lists are.
 * @returns What the one who trains should know; nothing when the baseline is not better, or is not told of.
 */
export function harmWarning(
  name: string,
  ranks: readonly number[],
  served: readonly number[],
  kind: 'lists' | 'lists with seen items' = 'lists',
): string[] {
  if (!(name in HARM) || !isClearlyBetter(ranks, served, HARM[name].errors)) return [];
  const [own, simple] = [served, ranks].map((ofLists) => meanNdcg(ofLists).toFixed(3));
  return [
    `figures: the ${kind} of this version have an NDCG@10 of ${own}, and lists of ${HARM[name].list} have ${simple}, on the same ` +
      `${served.length} users; import more interactions and train again, or activate an earlier version whose figures are better`,
  ];
}
