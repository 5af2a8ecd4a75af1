/** Builds the schema from the resolvers. */
import 'reflect-metadata';
import {
  type GraphQLSchema,
  isInputObjectType,
  lexicographicSortSchema,
  printSchema,
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLScalarType,
} from 'graphql';
import { buildSchemaSync } from 'type-graphql';

import { ApiKeyResolver, ViewerResolver } from './api-key/resolver';
import { auditMutations } from './audit/audit-mutations';
import { AuditResolver } from './audit/resolver';
import { CatalogueResolver } from './catalogue/resolver';
import { checkAccess } from './common/check-access';
import { NodeResolver } from './common/node-resolver';
import { validateArguments } from './common/validate-arguments';
import { ExperimentArmResolver, ExperimentResolver } from './experiment/resolver';
import {
  BeamDropResolver,
  VersionComparisonResolver,
  VersionCoverageResolver,
  WhyNotResolver,
} from './explanation/resolver';
import { FeedbackResolver, PlacementFiguresResolver } from './feedback/resolver';
import { InteractionResolver } from './interaction/resolver';
import { ItemFacetsResolver, ItemListResolver, ItemResolver, ItemSetResolver } from './item/resolver';
import { ModelVersionResolver } from './model-version/resolver';
import { PinRuleResolver, PlacementResolver, PlacementStateResolver } from './placement/resolver';
import {
  BecauseResolver,
  CodeStepResolver,
  RecommendationListResolver,
  RecommendationResolver,
  SteeredByResolver,
} from './recommendation/resolver';
import {
  CollisionReportResolver,
  ReassignmentPayloadResolver,
  SemanticIdChangeResolver,
  SemanticIdPrefixResolver,
  SemanticIdResolver,
} from './semantic-id/resolver';
import { TrainingJobResolver, TrainingProgressResolver } from './training/resolver';
import { UserResolver } from './user/resolver';

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
      PlacementStateResolver,
      PinRuleResolver,
      PlacementFiguresResolver,
      ExperimentResolver,
      ExperimentArmResolver,
      RecommendationResolver,
      RecommendationListResolver,
      CodeStepResolver,
      BecauseResolver,
      SteeredByResolver,
      WhyNotResolver,
      BeamDropResolver,
      VersionComparisonResolver,
      VersionCoverageResolver,
      SemanticIdResolver,
      SemanticIdPrefixResolver,
      SemanticIdChangeResolver,
      ReassignmentPayloadResolver,
      CatalogueResolver,
      CollisionReportResolver,
      ItemSetResolver,
      ItemListResolver,
      ItemFacetsResolver,
      ModelVersionResolver,
      TrainingJobResolver,
      TrainingProgressResolver,
      ApiKeyResolver,
      ViewerResolver,
      AuditResolver,
    ],
    authChecker: checkAccess,
    validateFn: validateArguments,
    pubSub: NO_PUB_SUB,
  });
  markOneOf(schema);
  describeInputs(schema);
  (schema.getType('DateTime') as GraphQLScalarType).specifiedByURL = DATE_TIME_URL;
  auditMutations(schema);
  return schema;
}

/** @returns The text of graphql/schema.graphql: types and fields in alphabetical order. */
export function printTigerSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildTigerSchema()))}\n`;
}

const DATE_TIME_URL = 'https://scalars.graphql.org/andimarek/date-time.html';

/** Describes the `input` of each mutation as its type is. */
function describeInputs(schema: GraphQLSchema): void {
  for (const { args } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    for (const arg of args) arg.description ??= (getNamedType(arg.type) as GraphQLInputObjectType).description;
  }
}

/** type-graphql knows `@oneOf` as a directive alone; graphql-js then lets one field of such an input through, and no null. */
function markOneOf(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInputObjectType(type)) continue;
    type.isOneOf = type.astNode?.directives?.some(({ name }) => name.value === 'oneOf') ?? false;
  }
}
