import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';

import type { Context } from '../context';
import { ModelVersion } from '../model-version/model-version';
import { RecommendationConnection } from './recommendation-connection';
import type { RecommendationPage } from './recommendation-list';

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
