/** The key of an HTTP request. */
import type { IncomingMessage } from 'node:http';

import { UnauthenticatedError } from '../errors';

const NAME = 'authorization';

/**
 * Node passes over the second header of this name, and a proxy in front may have checked that one.
 *
 * @throws {UnauthenticatedError} For more than one header.
 */
export function authorizationOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  let count = 0;
  // Names and values take turns.
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i].length === NAME.length && rawHeaders[i].toLowerCase() === NAME) count++;
  if (count > 1) throw new UnauthenticatedError(`authorization: expected one header, got ${count}`);
  return headers.authorization;
}
