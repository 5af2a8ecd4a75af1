/** Models are activated and semantic IDs reassigned while clients ask for lists: no request fails, and no list mixes two versions. */
import { CODES, LEVELS, openLivingShop } from '../support/living-shop';
import { runSwapLoad } from '../support/swap-load';

/** @param count - Activations; there are ten times as many reassignments. */
export async function run(count: number): Promise<void> {
  const shop = await openLivingShop();
  try {
    const { mixed, failures, ...figures } = await runSwapLoad({
      ...shop,
      itemIds: [...shop.itemIds.values()],
      userIds: Array.from({ length: 40 }, (_, user) => `user-${user}`),
      activations: count,
      reassignments: 10 * count,
      clients: 8,
      codebookSize: CODES,
      numLevels: LEVELS,
    });
    console.log(JSON.stringify({ ...figures, failures: failures.length, mixed: mixed.length }));
    if (failures.length > 0) throw new Error(`activations: expected no failed request, got ${failures[0]}`);
    if (mixed.length > 0)
      throw new Error(`activations: expected lists of one version, got ${JSON.stringify(mixed[0])}`);
  } finally {
    await shop.dispose();
  }
}
