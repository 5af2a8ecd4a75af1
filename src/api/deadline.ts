/** Ends operations that nobody waits for any more: the client has gone, or a query has taken too long. */
import { setMaxListeners } from 'node:events';

import {
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isIntrospectionType,
  isObjectType,
  OperationTypeNode,
} from 'graphql';

import type { Context } from '../../graphql/context';
import { CancelledError, DeadlineError } from '../errors';
import { untilAborted } from '../waiting/promises';

/** The life of one operation. */
export interface OperationLife {
  readonly signal: AbortSignal;
  /** A query must be answered in this time. A mutation is never given one: what it has begun it ends. */
  limit(deadlineMs: number): void;
  /** The operation has been answered. */
  end(): void;
  /** The client has gone. */
  cancel(): void;
}

export function createLife(): OperationLife {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  setMaxListeners(Infinity, controller.signal); // every look-up of an operation listens to it
  return {
    signal: controller.signal,
    limit(deadlineMs) {
      timer = setTimeout(() => controller.abort(new DeadlineError(deadlineMs)), deadlineMs);
    },
    end: () => clearTimeout(timer),
    cancel() {
      clearTimeout(timer);
      controller.abort(new CancelledError());
    },
  };
}

/**
 * Ends queries with their operation: the fields of `Query` wait no longer than it lives, and after it each field fails and loads nothing.
 * A mutation runs to its end, and its answer goes to the audit log.
 */
export function endWithOperation(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue;
    const isRoot = type === schema.getQueryType();
    for (const field of Object.values(type.getFields()))
      if (field.resolve) field.resolve = whileAwaited(field.resolve, isRoot);
  }
}

type Resolve = GraphQLFieldResolver<unknown, Context>;

function whileAwaited(resolve: Resolve, isRoot: boolean): Resolve {
  return (root, args, context, info) => {
    if (info.operation.operation !== OperationTypeNode.QUERY) return resolve(root, args, context, info);
    context.signal.throwIfAborted();
    const result: unknown = resolve(root, args, context, info);
    return isRoot && result instanceof Promise ? untilAborted(context.signal, result) : result;
  };
}
