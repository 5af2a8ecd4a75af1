/** Closes routes outside GraphQL for callers whose key does not open them. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Caller, Role } from '../../graphql/api-key/records';
import { expectedRole } from '../../graphql/common/check-access';
import { type PublicError, publicCodeOf, toGraphQLError } from '../errors';
import { sendError, type Step } from './answers';
import { authorizationOf } from './authorization';

/** @returns A step that lets through who may read, and for `ADMIN` only admins unless reading is open for all. */
export type OnlyFor = (role: Extract<Role, 'READER' | 'ADMIN'>) => Step;

/** @param app - Knows the caller by the `Authorization` header. */
export function onlyFor(app: KnowsCallers): OnlyFor {
  return (role) => (request, response, next) => {
    check(app, role, request, response).then((isAllowed) => isAllowed && next(), next);
  };
}

export interface KnowsCallers {
  callerOf(authorization: string | undefined): Promise<Pick<Caller, 'role'>>;
}

async function check(
  app: KnowsCallers,
  role: Role,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  try {
    const authorization = authorizationOf(request);
    const caller = await app.callerOf(authorization);
    // A caller without a key has the role of a reader only where reading is open.
    const isOpen = authorization === undefined && caller.role === 'READER';
    if (role !== 'ADMIN' || isOpen || caller.role === 'ADMIN') return true;
    const hasKey = authorization !== undefined && caller.role !== 'STOREFRONT';
    sendError(response, 403, 'FORBIDDEN', `role: ${expectedRole('ADMIN', caller.role, hasKey)}`);
  } catch (error) {
    if (publicCodeOf(toGraphQLError(error)) !== 'UNAUTHENTICATED') throw error;
    response.setHeader('www-authenticate', 'Bearer');
    sendError(response, 401, 'UNAUTHENTICATED', (error as PublicError).message);
  }
  return false;
}
