/** Builds the schema from the resolvers. */
import 'reflect-metadata';
import {
  defaultFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  isInputObjectType,
  lexicographicSortSchema,
  printSchema,
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLScalarType,
} from 'graphql';
import { buildSchemaSync, type ClassType, type NonEmptyArray } from 'type-graphql';

import * as apiKey from './api-key/resolver';
import { auditMutations } from './audit/audit-mutations';
import * as audit from './audit/resolver';
import * as catalogue from './catalogue/resolver';
import { checkAccess } from './common/check-access';
import { NODE_NAMES, toGlobalId } from './common/global-id';
import * as node from './common/node-resolver';
import { validateArguments } from './common/validate-arguments';
import * as experiment from './experiment/resolver';
import * as explanation from './explanation/resolver';
import * as feedback from './feedback/resolver';
import * as interaction from './interaction/resolver';
import * as item from './item/resolver';
import * as modelVersion from './model-version/resolver';
import * as placement from './placement/resolver';
import * as recommendation from './recommendation/resolver';
import * as semanticId from './semantic-id/resolver';
import * as training from './training/resolver';
import * as user from './user/resolver';

const MODULES = [
  node,
  apiKey,
  audit,
  catalogue,
  experiment,
  explanation,
  feedback,
  interaction,
  item,
  modelVersion,
  placement,
  recommendation,
  semanticId,
  training,
  user,
];

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
    resolvers: MODULES.flatMap((module) => Object.values<unknown>(module)) as NonEmptyArray<ClassType>,
    authChecker: checkAccess,
    validateFn: validateArguments,
    pubSub: NO_PUB_SUB,
  });
  markOneOf(schema);
  makeIdsGlobal(schema);
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

/** Makes the `id` of each type that has rows a global one. */
function makeIdsGlobal(schema: GraphQLSchema): void {
  for (const name of NODE_NAMES) {
    const { id } = (schema.getType(name) as GraphQLObjectType).getFields();
    const read = id.resolve ?? defaultFieldResolver;
    id.resolve = (...args) => {
      const row = read(...args) as number | Promise<number>;
      return typeof row === 'number' ? toGlobalId(name, row) : row.then((one) => toGlobalId(name, one));
    };
  }
}

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
