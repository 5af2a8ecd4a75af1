/** Ends operations that nobody waits for any more: the client has gone, or a query has taken too long. */
import { setMaxListeners } from 'node:events';

import { defaultFieldResolver, type GraphQLSchema } from 'graphql';

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

/** Makes the fields of `Query` wait no longer than the operation lives. Fields below them wait for loaders and lists, which do the same. */
export function endWithOperation(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const { resolve = defaultFieldResolver } = field;
    field.resolve = (source, args, context: Context, info) => {
      const result: unknown = resolve(source, args, context, info);
      return result instanceof Promise ? untilAborted(context.signal, result) : result;
    };
  }
}
