/** Finds the key of a request or of a WebSocket, and closes routes to callers whose key does not open them. */
import type { IncomingMessage } from 'node:http';

import type { RequestHandler } from 'express';

import type { Caller, CallerRole } from '../../graphql/api-key/records';
import { expectedRole } from '../../graphql/common/check-access';
import { PublicError, UnauthenticatedError } from '../errors';

/** Names under which clients send keys to other servers. Proxies add headers with similar names, so these are whole names. */
const NAMES_OF_KEYS = /^(x-)?(((api|auth|access)[-_]?)?(key|token)|authorization)$/i;
/** Names under which clients give a key in connection parameters that the server does not read. */
const LOOKS_LIKE_A_KEY = /auth|bearer|token|secret|jwt|(api|access)[-_]?key|^key$/i;

/**
 * @returns The `Authorization` header; undefined when the request has no key at all.
 * @throws {UnauthenticatedError} For a key at another place: a client with a key must not count as one without.
 */
export function authorizationOf({ headers, url = '' }: IncomingMessage): string | undefined {
  if (headers.authorization !== undefined) return headers.authorization;
  for (const name in headers) if (NAMES_OF_KEYS.test(name)) throw misplaced(name);
  const query = url.indexOf('?');
  if (query < 0) return undefined;
  for (const name of new URLSearchParams(url.slice(query)).keys())
    if (NAMES_OF_KEYS.test(name)) throw misplaced(`parameter ${name} of the address`);
  return undefined;
}

function misplaced(place: string): UnauthenticatedError {
  return new UnauthenticatedError(`${place}: expected the key as "Authorization: Bearer <key>", got it here`);
}

type Values = Readonly<Record<string, unknown>>;

/**
 * Reads `connectionParams.authorization`, `connectionParams.headers.authorization` and the header of the upgrade request: client libraries
 * put the key in different places. Upper and lower case are the same.
 *
 * @returns Such as `Bearer <key>`; undefined when the client gave no key at all.
 * @throws {UnauthenticatedError} For a value that is no text, for two that differ, and for a key at another place.
 */
export function authorizationOfSocket(params: unknown, upgrade: IncomingMessage): string | undefined {
  const ofParams = isRecord(params) ? keysIn(params) : [];
  // A proxy in front may have a key of its own, beside that of the socket.
  const ofUpgrade = ofParams.length > 0 ? upgrade.headers.authorization : authorizationOf(upgrade);
  const given = [...ofParams, ...named('authorization', { authorization: ofUpgrade }, 'the upgrade request')];
  const wrong = given.find(([, value]) => typeof value !== 'string');
  if (wrong) throw new UnauthenticatedError(`${wrong[0]}: expected a text, got another type`);
  const values = [...new Set(given.map(([, value]) => value as string))];
  if (values.length <= 1) return values[0];
  throw new UnauthenticatedError(
    `authorization: expected one value, got different ones in ${given.map(([place]) => place).join(' and ')}`,
  );
}

function keysIn(params: Values): [place: string, value: unknown][] {
  refuseOtherNames(params, 'connectionParams');
  const headers = named('headers', params, 'connectionParams').flatMap(([place, value]) => {
    if (!isRecord(value)) throw new UnauthenticatedError(`${place}: expected an object, got another type`);
    refuseOtherNames(value, place);
    return named('authorization', value, place);
  });
  return [...named('authorization', params, 'connectionParams'), ...headers];
}

function refuseOtherNames(values: Values, place: string): void {
  for (const [name, value] of Object.entries(values)) {
    if (value == null || name.toLowerCase() === 'authorization' || !LOOKS_LIKE_A_KEY.test(name)) continue;
    throw new UnauthenticatedError(`${place}.${name}: expected the key in connectionParams.authorization, got it here`);
  }
}

function named(name: string, values: Values, place: string): [place: string, value: unknown][] {
  return Object.entries(values)
    .filter(([key, value]) => key.toLowerCase() === name && value != null)
    .map(([key, value]) => [`${place}.${key}`, value]);
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Knows the caller by the `Authorization` header. */
export interface KnowsCallers {
  callerOf(authorization: string | undefined): Promise<Pick<Caller, 'role'>>;
}

/** @returns A step that lets through who may read the catalogue, and for `READER` only keys unless reading is open for all. */
export type OnlyFor = (role: Extract<CallerRole, 'ANONYMOUS' | 'READER'>) => RequestHandler;

export function onlyFor(callers: KnowsCallers): OnlyFor {
  return (role) => async (request, _response, next) => {
    const { role: held } = await callers.callerOf(authorizationOf(request));
    // A caller without a key has the role of a reader only where reading is open.
    const hasKey = held !== 'ANONYMOUS' && held !== 'STOREFRONT';
    if (role === 'ANONYMOUS' || hasKey) return next();
    throw new PublicError('FORBIDDEN', `role: ${expectedRole('READER', held, hasKey)}`, 403);
  };
}
