/** Finds the key of a request or of a WebSocket, and closes routes to callers whose key does not open them. */
import type { IncomingMessage } from 'node:http';

import type { RequestHandler } from 'express';

import type { Caller, CallerRole } from '../../graphql/api-key/records';
import { expectedRole } from '../../graphql/common/check-access';
import { PublicError, UnauthenticatedError } from '../errors';

type Values = Readonly<Record<string, unknown>>;

/**
 * Finds the key of a WebSocket where client libraries put it: `connectionParams.authorization`,
 * `connectionParams.headers.authorization`, or the header of the upgrade request. Upper and lower case are the same.
 *
 * @returns Such as `Bearer <key>`; undefined when the client gave no key.
 * @throws {UnauthenticatedError} For a value that is no text.
 */
export function authorizationOfSocket(params: unknown, upgrade: IncomingMessage): string | undefined {
  const value = named('authorization', params) ?? named('authorization', named('headers', params));
  if (value == null) return upgrade.headers.authorization;
  if (typeof value === 'string') return value;
  throw new UnauthenticatedError('connectionParams.authorization: expected a text, got another type');
}

function named(name: string, values: unknown): unknown {
  if (typeof values !== 'object' || values === null) return undefined;
  return Object.entries(values as Values).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** Knows the caller by the `Authorization` header. */
export interface KnowsCallers {
  callerOf(authorization: string | undefined): Promise<Pick<Caller, 'role'>>;
}

/** @returns A step that lets through who may read the catalogue, and for `READER` only keys unless reading is open for all. */
export type OnlyFor = (role: Extract<CallerRole, 'ANONYMOUS' | 'READER'>) => RequestHandler;

export function onlyFor(callers: KnowsCallers): OnlyFor {
  return (role) => async (request, _response, next) => {
    const { role: held } = await callers.callerOf(request.headers.authorization);
    // A caller without a key has the role of a reader only where reading is open.
    const hasKey = held !== 'ANONYMOUS' && held !== 'STOREFRONT';
    if (role === 'ANONYMOUS' || hasKey) return next();
    throw new PublicError('FORBIDDEN', `role: ${expectedRole('READER', held, hasKey)}`, 403);
  };
}
