import type { Caller, CallerRole, Role } from '../../../graphql/api-key/records';
import { checkAccess } from '../../../graphql/common/check-access';

const ROLES: readonly Role[] = ['READER', 'WRITER', 'ADMIN'];

/** @returns Whether a caller of this role may call a field that needs the other one. */
function ask(role: CallerRole, needed: Role, key: Caller['key'] = { id: 1, name: 'shop' }): unknown {
  const resolverData = { context: { role, caller: { role, key } }, info: { fieldName: 'upsertItems' } };
  return checkAccess(resolverData as Parameters<typeof checkAccess>[0], [needed]);
}

describe('checkAccess', () => {
  it.each(ROLES.map((role, rank) => [role, rank] as const))(
    'lets role %s call what needs no higher one',
    (role, rank) => {
      for (const needed of ROLES.slice(0, rank + 1)) expect(ask(role, needed)).toBe(true);
      for (const needed of ROLES.slice(rank + 1)) {
        const message = `upsertItems: expected a key of role ${needed}, got role ${role}; an admin makes one with createApiKey`;
        expect(() => ask(role, needed)).toThrow(
          expect.objectContaining({ message, extensions: { code: 'FORBIDDEN' } }),
        );
      }
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
