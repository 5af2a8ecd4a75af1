/** Who may: each role may what the one before it may. */
import { GraphQLError } from 'graphql';
import type { AuthCheckerFn } from 'type-graphql';

import type { Role } from '../api-key/records';
import type { Context } from '../context';

const RANK: Readonly<Record<Role, number>> = { READER: 0, WRITER: 1, ADMIN: 2 };

/** @throws {GraphQLError} `FORBIDDEN`, naming the field, the role that it wants and the one that came. */
export const checkAccess: AuthCheckerFn<Context, Role> = ({ context, info }, roles) => {
  const wanted = roles[0];
  if (RANK[context.role] >= RANK[wanted]) return true;
  throw new GraphQLError(`${info.fieldName}: expected a key of role ${wanted}, got role ${context.role}`, {
    extensions: { code: 'FORBIDDEN' },
  });
};
