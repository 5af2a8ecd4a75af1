/** Builds the schema from the resolvers. */
import 'reflect-metadata';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';

import { ApiKeyResolver } from './api-key/api-key-resolver';
import { auditMutations } from './audit/audit-mutations';
import { AuditResolver } from './audit/audit-resolver';
import { CatalogueResolver } from './catalogue/catalogue-resolver';
import { checkAccess } from './common/check-access';
import { NodeResolver } from './common/node-resolver';
import { stopAbandoned } from './common/stop-abandoned';
import { validateArguments } from './common/validate-arguments';
import { FeedbackResolver } from './feedback/feedback-resolver';
import { PlacementFiguresResolver, PlacementResolver } from './feedback/placement-resolver';
import { InteractionResolver } from './interaction/interaction-resolver';
import { ItemResolver } from './item/item-resolver';
import { ItemSetResolver } from './item/item-set-resolver';
import { ModelVersionResolver } from './model-version/model-version-resolver';
import { CodeStepResolver } from './recommendation/code-step-resolver';
import { RecommendationConnectionResolver } from './recommendation/recommendation-connection-resolver';
import { RecommendationResolver } from './recommendation/recommendation-resolver';
import { CollisionReportResolver } from './semantic-id/collision-report-resolver';
import { ReassignmentPayloadResolver } from './semantic-id/reassignment-payload-resolver';
import { SemanticIdChangeResolver } from './semantic-id/semantic-id-change-resolver';
import { SemanticIdPrefixResolver } from './semantic-id/semantic-id-prefix-resolver';
import { SemanticIdResolver } from './semantic-id/semantic-id-resolver';
import { TrainingJobResolver } from './training/training-job-resolver';
import { TrainingProgressResolver } from './training/training-progress-resolver';
import { UserResolver } from './user/user-resolver';

/** type-graphql needs a hub of its own kind when there are subscriptions. Ours read from the context's hub, so this one is never used. */
const NO_PUB_SUB = {
  publish: () => {
    throw new Error('pubSub: expected services to publish on the TopicHub');
  },
  subscribe: (): AsyncIterable<never> => {
    throw new Error('pubSub: expected subscriptions to read from context.hub');
  },
};

export function buildTigerSchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      NodeResolver,
      ItemResolver,
      UserResolver,
      InteractionResolver,
      FeedbackResolver,
      PlacementResolver,
      PlacementFiguresResolver,
      RecommendationResolver,
      RecommendationConnectionResolver,
      CodeStepResolver,
      SemanticIdResolver,
      SemanticIdPrefixResolver,
      SemanticIdChangeResolver,
      ReassignmentPayloadResolver,
      CatalogueResolver,
      CollisionReportResolver,
      ItemSetResolver,
      ModelVersionResolver,
      TrainingJobResolver,
      TrainingProgressResolver,
      ApiKeyResolver,
      AuditResolver,
    ],
    authChecker: checkAccess,
    validateFn: validateArguments,
    pubSub: NO_PUB_SUB,
  });
  stopAbandoned(schema);
  auditMutations(schema);
  return schema;
}

/** @returns The text of graphql/schema.graphql: types and fields in alphabetical order. */
export function printTigerSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildTigerSchema()))}\n`;
}
