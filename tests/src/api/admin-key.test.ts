import { openAdminKey } from '../../../src/api/admin-key';
import { ApiKeys } from '../../../src/api/api-keys';
import { AuditLog } from '../../../src/api/audit-log';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('openAdminKey', () => {
  let opened: TestDatabase;
  beforeEach(async () => {
    opened = await openTestDatabase();
  });
  afterEach(() => opened.dispose());

  /** As a server that starts. */
  async function start(configured: string | undefined) {
    const { database } = opened;
    const warnings: string[] = [];
    const audit = new AuditLog({ database, onFailure: fail });
    const parts = {
      apiKeys: new ApiKeys(database),
      audit,
      logger: { warn: (text: string) => void warnings.push(text) },
    };
    const secret = await openAdminKey(parts, configured);
    await audit.settled();
    return { secret, warnings };
  }
  const fail = (error: unknown) => {
    throw error;
  };
  const entries = () =>
    opened.database.read.auditEntry.findMany({
      orderBy: { id: 'asc' },
      select: { caller: true, mutation: true, outcome: true },
    });

  it('enters into the audit log that the configured key is another one, and no start with the same', async () => {
    for (const secret of ['the-first-secret-01', 'the-first-secret-01', 'the-second-secret-02'])
      expect(await start(secret)).toEqual({ secret: null, warnings: [] });
    const entry = { caller: 'environment', mutation: 'configureAdminKey', outcome: 'OK' };
    expect(await entries()).toEqual([entry, entry]);
  });

  it('says what to do when somebody has revoked the configured key', async () => {
    await start('the-first-secret-01');
    const { id } = await opened.database.read.apiKey.findFirstOrThrow();
    await new ApiKeys(opened.database).revoke(id);
    const { warnings } = await start('the-first-secret-01');
    expect(warnings).toEqual([expect.stringContaining('tigerql keys create NAME --role ADMIN')]);
    expect((await entries())[1]).toMatchObject({ caller: 'environment', outcome: 'INVALID' });
  });

  it('makes a first key where none is configured', async () => {
    expect((await start(undefined)).secret).toMatch(/^tql_/);
    expect((await start(undefined)).secret).toBeNull();
  });
});
