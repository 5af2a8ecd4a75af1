/** The schema as a part of a federated graph: other parts name items and users by the shop's own IDs. */
import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql';
import { createResolversMap } from 'type-graphql';

import { badInput, shown } from '../../graphql/common/errors';
import { isStorableText, STORABLE_TEXT } from '../../graphql/common/storable-text';
import type { Context } from '../../graphql/context';
import { SCHEMA_COST } from './limits';

/** Apollo's composition does not know `@oneOf` by itself. */
const HEAD = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  directive @oneOf on INPUT_OBJECT
`;

/** Other parts have pages too. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  Item: '@key(fields: "externalId")',
  User: '@key(fields: "externalId")',
  PageInfo: '@shareable',
};

/** Global IDs are known to this server alone, and a gateway could ask any part for them. */
const HIDDEN = ['node', 'nodes'];

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Resolver = GraphQLFieldResolver<any, any>;

/** @returns The same schema with `_service` and `_entities`. A gateway sees all of it but `node` and `nodes`. */
export function asSubgraph(schema: GraphQLSchema): GraphQLSchema {
  const typeDefs = withDirectives(parse(`${HEAD}${printSchema(schema)}`));
  const sdl = print(withoutHidden(typeDefs));
  const types = createResolversMap(schema) as Record<string, Record<string, Resolver>>;
  const resolvers = {
    ...types,
    Query: { ...types.Query, _service: () => ({ sdl }) },
    Item: { ...types.Item, __resolveReference: byReference(types.Query.item) },
    User: { ...types.User, __resolveReference: byReference(types.Query.user) },
  };
  const subgraph = buildSubgraphSchema({ typeDefs, resolvers });
  copyCosts(schema, subgraph);
  checkEntities(subgraph);
  return subgraph;
}

/** An entity is found as the query of its type finds it, by the same caller's rights. */
function byReference(query: Resolver) {
  return (({ externalId }: { externalId: string }, context: Context, info: GraphQLResolveInfo) =>
    query(undefined, { externalId }, context, info)) as unknown as Resolver; // it gets no arguments
}

function withDirectives(document: DocumentNode): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition(node) {
      const directive = DIRECTIVES[node.name.value];
      if (directive === undefined) return undefined;
      const [{ directives }] = parse(`type T ${directive}`).definitions as ObjectTypeDefinitionNode[];
      return { ...node, directives };
    },
  });
}

function withoutHidden(document: DocumentNode): DocumentNode {
  return visit(document, {
    ObjectTypeDefinition: ({ name }) => (name.value === 'Query' ? undefined : false),
    FieldDefinition: ({ name }) => (HIDDEN.includes(name.value) ? null : undefined),
  });
}

/** A representation may be any JSON, and a database driver may end the process over what is no text. */
function checkEntities(subgraph: GraphQLSchema): void {
  const field = subgraph.getQueryType()!.getFields()._entities;
  const resolve = field.resolve!;
  field.resolve = (root, args: { readonly representations: readonly unknown[] }, context, info) => {
    args.representations.forEach(checkEntity);
    return resolve(root, args, context, info) as unknown;
  };
}

function checkEntity(representation: unknown, position: number): void {
  const { __typename, externalId } = Object(representation) as Readonly<Record<string, unknown>>;
  const isNamed = typeof externalId === 'string' && isStorableText(externalId);
  if (isNamed && (__typename === 'Item' || __typename === 'User')) return;
  const expected = `the __typename Item or User, and an externalId that is ${STORABLE_TEXT}`;
  const message = `representations.${position}: expected ${expected}, got ${shown({ __typename, externalId })}`;
  throw badInput({ path: ['representations', String(position)], message });
}

/** Costs are no part of a schema's text. Each entity that is asked for is a row. */
function copyCosts(from: GraphQLSchema, to: GraphQLSchema): void {
  for (const type of Object.values(from.getTypeMap())) {
    const copy = to.getType(type.name);
    if (!isObjectType(type) || !isObjectType(copy)) continue;
    for (const [name, { extensions }] of Object.entries(type.getFields()))
      Object.assign(copy.getFields()[name], { extensions });
  }
  const { _entities, _service } = to.getQueryType()!.getFields();
  _entities.extensions = { complexity: costOfEntities };
  _service.extensions = { complexity: SCHEMA_COST };
}

interface EntitiesCost {
  readonly args: { readonly representations: readonly unknown[] };
  readonly childComplexity: number;
}

const costOfEntities = ({ args, childComplexity }: EntitiesCost) => args.representations.length * (1 + childComplexity);
