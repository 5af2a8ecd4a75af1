import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { ApiKeys } from '../../../src/api/api-keys';
import { auditOf, withApp } from '../../../src/commands/open-services';
import { readConfig } from '../../../src/config';
import { openDatabase } from '../../../src/storage/database';
import { openCommandFolder } from '../../support/command-run';
import { useTestDatabase } from '../../support/database';
import { temporaryFolder } from '../../support/temporary-folder';

describe('commands on a SQLite file that does not exist', () => {
  const { dir, run } = openCommandFolder();

  it.each([
    [['export', join(dir, 'out')]],
    [['keys', 'revoke', 'QXBpS2V5OjM']],
    [['recommend', '--user', '1']],
    [['train']],
  ])('refuse to make it: %j', async (args) => {
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([
      1,
      `tigerql: SQLite file ${join(dir, 'shop.db')}: expected a database (see DATABASE_URL), got none\n`,
    ]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('make it when they begin a shop', async () => {
    expect((await run(['keys', 'create', 'importer'])).code).toBe(0);
    expect(existsSync(join(dir, 'shop.db'))).toBe(true);
  });
});

const dir = temporaryFolder();
const url = `file:${join(dir, 'shop.db')}`;

describe('withApp', () => {
  const open = (variables: NodeJS.ProcessEnv = {}) => ({
    config: () => readConfig({ DATABASE_URL: url, DATA_DIR: dir, ...variables }),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    signal: new AbortController().signal,
  });

  it('makes no admin key, and brings none back that was replaced', async () => {
    const database = await openDatabase(url);
    const keys = new ApiKeys(database);
    try {
      await withApp(open(), async ({ catalogue }) => catalogue.user('nobody'));
      expect(await database.read.apiKey.count()).toBe(0);
      await keys.configure('the-old-secret-01');
      await keys.configure('the-new-secret-02');
      const variables = { TIGERQL_ADMIN_KEY: 'the-old-secret-01' };
      await withApp(open(variables), async ({ catalogue }) => catalogue.user('nobody'));
      const read = new ApiKeys(database);
      expect(await read.keyOf('the-old-secret-01')).toBeNull();
      expect(await read.keyOf('the-new-secret-02')).toMatchObject({ role: 'ADMIN' });
    } finally {
      await database.dispose();
    }
  });
});

describe('auditOf', () => {
  const opened = useTestDatabase();

  it('stores what the command line did, and how it ended, before the call ends', async () => {
    const enter = auditOf(opened.database, new PassThrough());
    expect(await enter('import', { dir: '/shop' }, async () => 12)).toBe(12);
    await expect(enter('createApiKey', { name: 'a' }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const rows = await opened.database.read.auditEntry.findMany({ orderBy: { id: 'asc' } });
    expect(rows).toMatchObject([
      {
        role: 'ADMIN',
        caller: 'command line',
        apiKeyId: null,
        mutation: 'import',
        input: '{"dir":"/shop"}',
        outcome: 'OK',
      },
      { mutation: 'createApiKey', outcome: expect.not.stringMatching(/^OK$/) as string },
    ]);
  });
});
