/** The key of an HTTP request. */
import type { IncomingMessage } from 'node:http';

import { UnauthenticatedError } from '../errors';
import { countHeaders } from './request-form';

/** @throws {UnauthenticatedError} For more than one header. */
export function authorizationOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  const count = countHeaders('authorization', rawHeaders);
  if (count > 1) throw new UnauthenticatedError(`authorization: expected one header, got ${count}`);
  return headers.authorization;
}
