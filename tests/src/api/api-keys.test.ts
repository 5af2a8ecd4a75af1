import { ApiKeys } from '../../../src/api/api-keys';
import { emptyTables } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('ApiKeys', () => {
  let opened: TestDatabase;
  let keys: ApiKeys;
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    keys = new ApiKeys(opened.database);
  });

  const roleOf = async (secret: string) => (await keys.keyOf(secret))?.role ?? null;

  it('knows the role of a secret, and stores no secret', async () => {
    const { secret } = await keys.create('shop', 'WRITER');
    expect(await roleOf(secret)).toBe('WRITER');
    expect(await roleOf(`${secret}x`)).toBeNull();
    expect(await roleOf('')).toBeNull();
    expect(JSON.stringify(await opened.database.read.apiKey.findMany())).not.toContain(secret.slice(4));
  });

  it('refuses a revoked key at once, and revoking twice', async () => {
    const { id, secret } = await keys.create('shop', 'WRITER');
    expect(await roleOf(secret)).toBe('WRITER');
    expect(await keys.revoke(id)).toEqual({ revoked: true, userErrors: [] });
    expect(await roleOf(secret)).toBeNull();
    expect(await keys.revoke(id)).toMatchObject({ revoked: false, userErrors: [{ code: 'NOT_FOUND' }] });
  });

  it('knows a key that another process has just made', async () => {
    await keys.create('first', 'ADMIN');
    const { secret } = await new ApiKeys(opened.database).create('second', 'READER');
    expect(await roleOf(secret)).toBe('READER');
  });

  it('makes an admin key once', async () => {
    const secret = await keys.ensureAdminKey(undefined);
    expect(await roleOf(secret!)).toBe('ADMIN');
    expect(await keys.ensureAdminKey(undefined)).toBeNull();
  });

  it('takes the configured admin key, even one that was revoked', async () => {
    const configured = 'a-secret-of-my-own';
    expect(await keys.ensureAdminKey(configured)).toBeNull();
    expect(await roleOf(configured)).toBe('ADMIN');
    await keys.ensureAdminKey(configured);
    const [row, ...others] = await opened.database.read.apiKey.findMany();
    expect(others).toEqual([]);
    await keys.revoke(row.id);
    await keys.ensureAdminKey(configured);
    expect(await roleOf(configured)).toBe('ADMIN');
  });
});
