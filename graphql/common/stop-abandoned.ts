/** Ends queries that nobody waits for any more. It wraps all resolvers, so that nobody can forget a new one. */
import {
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isIntrospectionType,
  isObjectType,
  OperationTypeNode,
} from 'graphql';

import type { Context } from '../context';

/** Changes the fields of the schema: once the signal of a query is aborted, each fails with its reason and loads nothing. */
export function stopAbandoned(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.resolve) field.resolve = whileAwaited(field.resolve);
    }
  }
}

function whileAwaited(resolve: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
  return (root, args, context, info) => {
    // A mutation runs to its end, and its answer goes to the audit log.
    if (info.operation.operation === OperationTypeNode.QUERY) context.signal.throwIfAborted();
    return resolve(root, args, context, info);
  };
}
