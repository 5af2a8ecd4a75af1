/** Which roles may call a field. Each role may do what the roles before it may do, and more. */
import { GraphQLError } from 'graphql';
import type { AuthCheckerFn } from 'type-graphql';

import type { Role } from '../api-key/records';
import type { Context } from '../context';

const RANK: Readonly<Record<Role, number>> = { READER: 0, WRITER: 1, ADMIN: 2 };

/** @throws {GraphQLError} `FORBIDDEN`; the message names the field, the role that it needs and the role of the caller. */
export const checkAccess: AuthCheckerFn<Context, Role> = ({ context, info }, roles) => {
  const needed = roles[0];
  if (RANK[context.role] >= RANK[needed]) return true;
  throw new GraphQLError(`${info.fieldName}: expected a key of role ${needed}, got role ${context.role}`, {
    extensions: { code: 'FORBIDDEN' },
  });
};
