/** Puts the resolvers together into the schema. */
import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { checkAccess } from './access';
import { validateArguments } from './inputs/validate-arguments';
import { ApiKeyResolver } from './resolvers/api-key-resolver';
import { CatalogueResolver } from './resolvers/catalogue-resolver';
import { CodeStepResolver } from './resolvers/code-step-resolver';
import { CollisionReportResolver } from './resolvers/collision-report-resolver';
import { InteractionResolver } from './resolvers/interaction-resolver';
import { ItemResolver } from './resolvers/item-resolver';
import { ItemSetResolver } from './resolvers/item-set-resolver';
import { ModelVersionResolver } from './resolvers/model-version-resolver';
import { NodeResolver } from './resolvers/node-resolver';
import { RecommendationConnectionResolver } from './resolvers/recommendation-connection-resolver';
import { RecommendationResolver } from './resolvers/recommendation-resolver';
import { SemanticIdChangeResolver } from './resolvers/semantic-id-change-resolver';
import { SemanticIdPrefixResolver } from './resolvers/semantic-id-prefix-resolver';
import { SemanticIdResolver } from './resolvers/semantic-id-resolver';
import { TrainingJobResolver } from './resolvers/training-job-resolver';
import { TrainingProgressResolver } from './resolvers/training-progress-resolver';
import { UserResolver } from './resolvers/user-resolver';

/** Subscriptions read from the context's hub; type-graphql asks for one of its own kind as soon as there are any. */
const NO_PUB_SUB = {
  publish: () => {
    throw new Error('pubSub: expected services to publish on the TopicHub');
  },
  subscribe: (): AsyncIterable<never> => {
    throw new Error('pubSub: expected subscriptions to read from context.hub');
  },
};

export function buildTigerSchema(): GraphQLSchema {
  return buildSchemaSync({
    resolvers: [
      NodeResolver,
      ItemResolver,
      UserResolver,
      InteractionResolver,
      RecommendationResolver,
      RecommendationConnectionResolver,
      CodeStepResolver,
      SemanticIdResolver,
      SemanticIdPrefixResolver,
      SemanticIdChangeResolver,
      CatalogueResolver,
      CollisionReportResolver,
      ItemSetResolver,
      ModelVersionResolver,
      TrainingJobResolver,
      TrainingProgressResolver,
      ApiKeyResolver,
    ],
    authChecker: checkAccess,
    validateFn: validateArguments,
    pubSub: NO_PUB_SUB,
  });
}

/** @returns The schema's text as graphql/schema.graphql has it: types and fields in alphabetical order. */
export function printTigerSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildTigerSchema()))}\n`;
}
