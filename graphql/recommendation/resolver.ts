import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';

import { costOfLevels, costOfRecommendations } from '../common/cost';
import type { Context } from '../context';
import { Item } from '../item/types';
import { ModelVersion } from '../model-version/types';
import { prefixOf } from '../semantic-id/resolver';
import { SemanticIdPrefix } from '../semantic-id/types';
import { HistoryRecommendationInput, toRecommendationArgs } from './inputs';
import type { RecommendationRecord } from './records';
import {
  CodeStep,
  Recommendation,
  RecommendationConnection,
  type RecommendationPage,
  toRecommendationPage,
} from './types';

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
    const { recommender, notes, signal } = context;
    const list = await recommender.recommendForHistory(input.history, toRecommendationArgs(input, context), signal);
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

@Resolver(() => RecommendationConnection)
export class RecommendationConnectionResolver {
  @FieldResolver(() => ModelVersion, {
    nullable: true,
    description: 'The one version that made the whole list; null when it comes from popularity.',
  })
  modelVersion(@Root() { modelVersionId }: RecommendationPage, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }

  @FieldResolver(() => ID, {
    nullable: true,
    description:
      'Names the list in recordFeedback, for 30 days; null when the request names no placement. It is opaque and signed.',
  })
  listId(@Root() { shown }: RecommendationPage, @Ctx() { feedback }: Context) {
    return shown === null ? null : feedback.listId(shown);
  }
}

@Resolver(() => CodeStep)
export class CodeStepResolver {
  @FieldResolver(() => SemanticIdPrefix, { description: 'Where in the trie this step leads.' })
  prefix(@Root() step: { readonly codes: readonly number[] }, @Ctx() context: Context) {
    return prefixOf(step.codes, context);
  }
}
