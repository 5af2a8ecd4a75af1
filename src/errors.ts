/** Our errors, their codes, and what a client gets to see of an error. */
import { randomUUID } from 'node:crypto';

import { HeaderMap } from '@apollo/server';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

import type { Logger } from './logger';

/** Codes whose errors are written for the caller; every other error is masked. */
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
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'OVERLOADED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] as const;

export type PublicCode = (typeof PUBLIC_CODES)[number];

/** An error that a caller may read. `status` is the HTTP status when it is the answer to a whole request. */
export class PublicError extends GraphQLError {
  constructor(code: PublicCode, message: string, status: number, headers: Readonly<Record<string, string>> = {}) {
    super(message, { extensions: { code, http: { status, headers: new HeaderMap(Object.entries(headers)) } } });
  }
}

/** A key that is missing or that nobody was given. */
export class UnauthenticatedError extends PublicError {
  constructor(message: string) {
    super('UNAUTHENTICATED', message, 401, { 'www-authenticate': 'Bearer' });
  }
}

/** More work than can be done soon: refused at once instead of being kept waiting. */
export class OverloadedError extends GraphQLError {
  constructor(message: string, retryAfterSeconds = 1) {
    super(message, { extensions: { code: 'OVERLOADED', retryAfterSeconds } });
  }
}

export type FormatError = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Lets public errors through and hides all others behind an id, under which the log has them in full.
 *
 * An error that reaches several fields, as a failed loader's does, is logged once and keeps its id.
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
      logger.error({ err: cause, errorId, path: formatted.path }, 'request failed');
    }
    return {
      message: `Something went wrong on the server's side. Its log has the details under ${errorId}.`,
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: formatted.path }),
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId },
    };
  };
}

function isPublic(code: unknown): boolean {
  return (PUBLIC_CODES as readonly unknown[]).includes(code);
}

/** The error as it was thrown, without the GraphQL errors that say where it surfaced. */
function rootOf(error: unknown): object {
  let root = error;
  while (root instanceof GraphQLError && root.originalError) root = root.originalError;
  return typeof root === 'object' && root !== null ? root : new Error(String(root));
}
