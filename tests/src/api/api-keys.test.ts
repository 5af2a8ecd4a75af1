import { ApiKeys } from '../../../src/api/api-keys';
import { emptyTables } from '../../support/catalogue';
import { describeOnBoth } from '../../support/postgres';

describeOnBoth('ApiKeys', (opened) => {
  let keys: ApiKeys;
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
    expect(await keys.revoke(id)).toMatchObject({ apiKey: { id, revokedAt: expect.any(Date) }, userErrors: [] });
    expect(await roleOf(secret)).toBeNull();
    expect(await keys.revoke(id)).toMatchObject({ apiKey: null, userErrors: [{ code: 'NOT_FOUND' }] });
  });

  it('keeps a key revoked that a read had found before', async () => {
    const { id, secret } = await keys.create('shop', 'WRITER');
    const { apiKey } = opened.database.read;
    const findUnique = apiKey.findUnique.bind(apiKey);
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const slow = async (args: Parameters<typeof findUnique>[0]) =>
      findUnique(args).then((row) => released.then(() => row));
    jest.spyOn(apiKey, 'findUnique').mockImplementationOnce(slow as never);
    const found = roleOf(secret);
    await keys.revoke(id);
    release();
    await found;
    expect([await roleOf(secret), await keys.isInUse(id)]).toEqual([null, false]);
    jest.restoreAllMocks();
  });

  it('makes one admin key where several servers start at the same time', async () => {
    const servers = Array.from({ length: 4 }, () => new ApiKeys(opened.database));
    const secrets = await Promise.all(servers.map((server) => server.ensureAdminKey()));
    expect(secrets.filter((secret) => secret !== null)).toHaveLength(1);
    expect(await opened.database.read.apiKey.count()).toBe(1);
  });

  it('takes the configured admin key, and leaves it revoked when somebody has revoked it', async () => {
    const configured = 'a-secret-of-my-own';
    expect(await keys.configure(configured)).toEqual({ userErrors: [] });
    expect(await roleOf(configured)).toBe('ADMIN');
    expect(await keys.isConfigured(configured)).toBe(true);
    const [row, ...others] = await opened.database.read.apiKey.findMany();
    expect(others).toEqual([]);
    await keys.revoke(row.id);
    expect(await keys.isConfigured(configured)).toBe(false);
    expect(await keys.configure(configured)).toEqual({
      userErrors: [expect.objectContaining({ message: expect.stringContaining('got one that was revoked') })],
    });
    expect(await roleOf(configured)).toBeNull();
  });

  it('replaces the configured admin key, and no other key', async () => {
    const others = [await keys.create('mine', 'ADMIN'), await keys.create('configured', 'READER')];
    await keys.configure('the-first-secret-01');
    await keys.configure('the-second-secret-02');
    expect(await roleOf('the-first-secret-01')).toBeNull();
    expect(await roleOf('the-second-secret-02')).toBe('ADMIN');
    expect(await Promise.all(others.map(({ secret }) => roleOf(secret)))).toEqual(['ADMIN', 'READER']);
    await keys.configure('the-first-secret-01');
    expect(await roleOf('the-first-secret-01')).toBe('ADMIN');
    expect(await roleOf('the-second-secret-02')).toBeNull();
  });

  it('ends a key at its time, and refuses a time in the past', async () => {
    const { id, secret } = await keys.create('short', 'READER', new Date(Date.now() + 3_600_000));
    expect([await roleOf(secret), await keys.isInUse(id)]).toEqual(['READER', true]);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_001);
    expect([await roleOf(secret), await keys.isInUse(id)]).toEqual([null, false]);
    jest.restoreAllMocks();
    expect(await keys.create('late', 'READER', new Date(0))).toMatchObject({
      userErrors: [{ code: 'OUT_OF_RANGE', field: ['expiresAt'] }],
    });
  });

  it('notices within half a second that another process has revoked a key', async () => {
    const { id, secret } = await keys.create('shop', 'WRITER');
    await new ApiKeys(opened.database).revoke(id);
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 500);
    expect([await keys.isInUse(id), await roleOf(secret)]).toEqual([false, null]);
    jest.restoreAllMocks();
  });

  it('lists all keys, newest first, with a part of their secrets', async () => {
    const { secret } = await keys.create('shop', 'WRITER');
    await keys.configure('a-configured-key');
    const { id } = await keys.create('till', 'READER');
    await keys.revoke(id);
    const first = await keys.keys({ first: 2, after: null });
    expect(first.edges.map(({ node }) => node)).toMatchObject([
      { id, name: 'till', role: 'READER', revokedAt: expect.any(Date) },
      { name: 'configured', prefix: 'a-co', role: 'ADMIN', revokedAt: null },
    ]);
    const second = await keys.keys({ first: 2, after: first.edges[1].cursor });
    expect(second.edges.map(({ node }) => node)).toMatchObject([{ name: 'shop', prefix: secret.slice(0, 11) }]);
    expect(second.hasNextPage).toBe(false);
  });

  it('notes the last use once a minute', async () => {
    const { secret } = await keys.create('shop', 'WRITER');
    const lastUse = async () => {
      await opened.database.write(() => Promise.resolve()); // which waits for the note before it
      return (await keys.keys({ first: 1, after: null })).edges[0].node.lastUsedAt?.getTime();
    };
    const [now, begin] = [Date.now(), performance.now()];
    for (const [later, noted] of [
      [0, 0],
      [59_000, 0],
      [60_100, 60_100],
    ]) {
      jest.spyOn(Date, 'now').mockReturnValue(now + later);
      jest.spyOn(performance, 'now').mockReturnValue(begin + later);
      await keys.keyOf(secret);
      expect(await lastUse()).toBe(now + noted);
    }
    jest.restoreAllMocks();
  });
});
