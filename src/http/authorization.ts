/** The key of an HTTP request, or of the one that opens a WebSocket. */
import type { IncomingMessage } from 'node:http';

import { UnauthenticatedError } from '../errors';
import { countHeaders } from './request-form';

/** Names under which clients send keys to other servers. Proxies add headers with similar names, so these are whole names. */
const NAMES_OF_KEYS = /^(x-)?(((api|auth|access)[-_]?)?(key|token)|authorization)$/i;

/** A client with a key must not count as one without. */
export class MisplacedKeyError extends UnauthenticatedError {
  constructor(place: string) {
    super(`${place}: expected the key as "Authorization: Bearer <key>", got it here`);
  }
}

/**
 * @throws {UnauthenticatedError} For more than one header.
 * @throws {MisplacedKeyError} When there is none, but a key at another place.
 */
export function authorizationOf(request: IncomingMessage): string | undefined {
  const { authorization } = request.headers;
  const count = countHeaders('authorization', request.rawHeaders);
  if (count > 1) throw new UnauthenticatedError(`authorization: expected one header, got ${count}`);
  if (authorization === undefined) refuseOtherPlaces(request);
  return authorization;
}

function refuseOtherPlaces({ headers, url = '' }: IncomingMessage): void {
  for (const name in headers) if (NAMES_OF_KEYS.test(name)) throw new MisplacedKeyError(name);
  const query = url.indexOf('?');
  if (query < 0) return;
  for (const name of new URLSearchParams(url.slice(query)).keys())
    if (NAMES_OF_KEYS.test(name)) throw new MisplacedKeyError(`parameter ${name} of the address`);
}
