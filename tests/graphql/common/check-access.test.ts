import type { Role } from '../../../graphql/api-key/records';
import { checkAccess } from '../../../graphql/common/check-access';

const ROLES: readonly Role[] = ['READER', 'WRITER', 'ADMIN'];

/** @returns Whether a caller of this role may call a field that needs the other one. */
function ask(role: Role, needed: Role): unknown {
  const resolverData = { context: { role }, info: { fieldName: 'addItems' } };
  return checkAccess(resolverData as Parameters<typeof checkAccess>[0], [needed]);
}

describe('checkAccess', () => {
  it.each(ROLES.flatMap((role, rank) => ROLES.slice(0, rank + 1).map((needed) => [role, needed] as const)))(
    'lets role %s call what needs role %s',
    (role, needed) => {
      expect(ask(role, needed)).toBe(true);
    },
  );

  it.each(ROLES.flatMap((role, rank) => ROLES.slice(rank + 1).map((needed) => [role, needed] as const)))(
    'does not let role %s call what needs role %s',
    (role, needed) => {
      expect(() => ask(role, needed)).toThrow(
        expect.objectContaining({
          message: `addItems: expected a key of role ${needed}, got role ${role}; an admin makes one with createApiKey`,
          extensions: { code: 'FORBIDDEN' },
        }),
      );
    },
  );
});
