/** Our errors, their codes, and what a client sees of an error. */
import { randomUUID } from 'node:crypto';

import { GraphQLError, type GraphQLFormattedError } from 'graphql';

import type { Logger } from './logger';

/** Codes of errors whose message is for the caller. Every other error is masked. */
export const PUBLIC_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'QUERY_TOO_DEEP',
  'QUERY_TOO_COSTLY',
  'QUERY_TOO_LARGE',
  'TOO_MANY_OPERATIONS',
  'TOO_MANY_SOCKETS',
  'NOT_FOUND',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'OVERLOADED',
  'DATABASE_UNAVAILABLE',
  'TRY_AGAIN',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'ANSWER_TOO_LARGE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] as const;

/** The code of every error that is masked. */
const MASKED_CODE = 'INTERNAL_SERVER_ERROR';

export type PublicCode = (typeof PUBLIC_CODES)[number];

/** An error whose message is for the caller. `status` is the HTTP status when it is the answer to a whole request. */
export class PublicError extends GraphQLError {
  constructor(
    code: PublicCode,
    message: string,
    status: number,
    headers: Readonly<Record<string, string>> = {},
    /** Extensions that programs read beside the code. */
    facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message, { extensions: { code, ...facts, http: httpHead(status, headers) } });
  }
}

/** Status and headers for the HTTP server, which clients do not see in `extensions`. Apollo Server wants the headers as a Map. */
function httpHead(status: number, headers: Readonly<Record<string, string>> = {}) {
  return { status, headers: new Map(Object.entries(headers)) };
}

/** The key is missing where one is needed, or no key has this secret. */
export class UnauthenticatedError extends PublicError {
  constructor(message: string) {
    super('UNAUTHENTICATED', message, 401, { 'www-authenticate': 'Bearer' });
  }
}

/** There is more work waiting than the server can do soon, so it refuses this request at once. */
export class OverloadedError extends PublicError {
  constructor(message: string, retryAfterSeconds = 1) {
    super('OVERLOADED', message, 503, { 'retry-after': String(retryAfterSeconds) }, { retryAfterSeconds });
  }
}

/** The status, headers and extensions of an answer to a request that may succeed when it is sent again after a second. */
const IN_A_SECOND = [503, { 'retry-after': '1' }, { retryAfterSeconds: 1 }] as const;

/** The database gives no answer. The same request may succeed later. */
export class DatabaseUnavailableError extends PublicError {
  constructor(
    message = 'database: expected an answer, got none; try again (a change may have been made all the same)',
  ) {
    super('DATABASE_UNAVAILABLE', message, ...IN_A_SECOND);
  }
}

/** A part of the server gave no answer, and is started anew. The same request may succeed at once. */
export class TryAgainError extends PublicError {
  constructor(what: string, expected: string, got: string) {
    const message = `${what}: expected ${expected}, got ${got}; try again`;
    super('TRY_AGAIN', message, ...IN_A_SECOND);
  }
}

/** The operation took longer than a query may take. */
export class DeadlineError extends PublicError {
  constructor(deadlineMs: number) {
    super('DEADLINE_EXCEEDED', `operation: expected an answer within ${deadlineMs} ms, got none`, 504);
  }
}

/** The client has gone, so nobody waits for the answer. */
export class CancelledError extends PublicError {
  constructor() {
    super('CANCELLED', 'operation: expected a client that waits, got one that has gone', 499);
  }
}

/**
 * Marks an error that graphql-js made, and whose message is for the caller, with its code.
 *
 * @param status - The HTTP status when the error is the answer to a whole request.
 */
export function asPublicError(error: GraphQLError, code: PublicCode, status = 400): GraphQLError {
  const { message, nodes, source, positions, path } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions: { code, http: httpHead(status) } });
}

/** Whether a worker thread ended before it replied, or lost its model. Its next call starts a new thread, or loads the model. */
export function isWorkerDeath(error: unknown): boolean {
  return error instanceof Error && ['WorkerDiedError', 'WorkerLostError'].includes(error.name);
}

/** @returns The value of each that succeeded, and the error of each that did not, as batch loaders give them. */
export function valuesOrErrors<T>(settled: readonly PromiseSettledResult<T>[]): (T | Error)[] {
  return settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error)));
}

/** @returns The error itself when it is one of GraphQL; else one that has it as its cause. */
export function toGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('failed', { originalError: error instanceof Error ? error : new Error(String(error)) });
}

type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Lets public errors through. Replaces every other error by an id; the log has the whole error under that id.
 *
 * An error that reaches several fields, such as that of a failed loader, is logged once and keeps its id.
 */
export function createFormatError(logger: Logger): FormatError {
  const ids = new WeakMap<object, string>();
  return (formatted, error) => {
    if (isPublic(formatted.extensions?.code)) return formatted;
    const cause = rootOf(error);
    const known = ids.get(cause);
    const errorId = known ?? randomUUID();
    if (!known) {
      ids.set(cause, errorId);
      logger.error({ err: cause, errorId, path: formatted.path }, 'The request failed.');
    }
    return {
      message: `The server failed. Its log has the details under the id ${errorId}.`,
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
      extensions: { code: MASKED_CODE, errorId },
    };
  };
}

function isPublic(code: unknown): boolean {
  return (PUBLIC_CODES as readonly unknown[]).includes(code);
}

/** The error as it was thrown, without the GraphQL errors around it, which say at which field it arrived. */
export function rootOf(error: unknown): object {
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return typeof root === 'object' && root !== null ? root : new Error(String(root));
}
