import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';

import { costOfLevels, costOfRecommendations } from '../common/cost';
import type { Context } from '../context';
import { Item } from '../item/item';
import { CodeStep } from './code-step';
import { Recommendation } from './recommendation';
import { RecommendationConnection } from './recommendation-connection';
import { HistoryRecommendationInput, toRecommendationArgs } from './recommendation-input';
import { toRecommendationPage } from './recommendation-list';
import type { RecommendationRecord } from './records';

@Resolver(() => Recommendation)
export class RecommendationResolver {
  @Query(() => RecommendationConnection, {
    nullable: true,
    description:
      "For a history that need not be a stored user's. Ids of no item are skipped and named in the response's " +
      '`extensions.skippedItems`.',
    complexity: costOfRecommendations,
  })
  async recommendations(
    @Args(() => HistoryRecommendationInput) input: HistoryRecommendationInput,
    @Ctx() context: Context,
  ) {
    const { recommender, notes, asker } = context;
    const list = await recommender.recommendForHistory(input.history, toRecommendationArgs(input, context), asker);
    if (list.skipped.length > 0) {
      const noted = (notes.get('skippedItems') as readonly string[] | undefined) ?? [];
      notes.set('skippedItems', [...new Set([...noted, ...list.skipped])]);
    }
    return toRecommendationPage(list, input);
  }

  @FieldResolver(() => Item, { description: 'What is recommended.' })
  item(@Root() recommendation: RecommendationRecord, @Ctx() { loaders }: Context) {
    return loaders.item(recommendation.itemId);
  }

  @FieldResolver(() => [CodeStep], {
    description:
      'What the decoder wrote, one step per level; empty when its beam has not come to the item, or the list is that of a ' +
      'version whose codes name other prefixes than those of the catalogue.',
    complexity: costOfLevels,
  })
  explanation(@Root() { codes, logProbabilities }: RecommendationRecord): (CodeStep & { codes: readonly number[] })[] {
    return codes.map((code, level) => ({
      level,
      code,
      logProbability: logProbabilities[level],
      codes: codes.slice(0, level + 1),
    }));
  }
}
