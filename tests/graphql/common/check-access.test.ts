import type { Caller, CallerRole, Role } from '../../../graphql/api-key/records';
import { checkAccess } from '../../../graphql/common/check-access';

const ROLES: readonly Role[] = ['READER', 'WRITER', 'ADMIN'];

/** @returns Whether a caller of this role may call a field that needs the other one. */
function ask(role: CallerRole, needed: Role, key: Caller['key'] = { id: 1, name: 'shop' }): unknown {
  const resolverData = { context: { role, caller: { role, key } }, info: { fieldName: 'upsertItems' } };
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
          message: `upsertItems: expected a key of role ${needed}, got role ${role}; an admin makes one with createApiKey`,
          extensions: { code: 'FORBIDDEN' },
        }),
      );
    },
  );

  it.each([
    ['no key', 'ANONYMOUS'],
    ['no key', 'READER'], // where reading is open
    ['a storefront token', 'STOREFRONT'],
  ] as const)('says that the caller has %s, as role %s without an API key', (held, role) => {
    const message = `upsertItems: expected a key of role ADMIN, got ${held}; an admin makes one with createApiKey`;
    expect(() => ask(role, 'ADMIN', null)).toThrow(message);
  });
});
