import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
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

describe('tigerql serve', () => {
  const { dir, run } = openCommandFolder();

  async function expectRefusal(variables: NodeJS.ProcessEnv, line: string): Promise<void> {
    const result = await run(['serve'], { PORT: '0', HOST: '127.0.0.1', TIGERQL_DEMO: 'false', ...variables });
    expect(result).toEqual({ code: 1, stdout: '', stderr: `tigerql: ${line}\n` });
  }

  it('says that the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const line = `PORT and HOST: expected a port that can be opened, got listen EADDRINUSE: address already in use 127.0.0.1:${port}; set them to others`;
    await expectRefusal({ PORT: String(port), TIGERQL_DEMO: 'true' }, line);
    other.close();
  });

  // Made by whatever lies in the way, since root may write where permissions forbid it.
  it.each(['DATA_DIR', 'DATABASE_URL'])('says that the folder of %s cannot be written', async (setting) => {
    const folder = join(dir, 'file');
    writeFileSync(folder, '');
    const value = setting === 'DATA_DIR' ? folder : `file:${join(folder, 'shop.db')}`;
    await expectRefusal(
      { [setting]: value },
      `${setting}: expected a folder that can be written, got ${folder} (${folder} is a file); set ${setting} to another, or let this user write there`,
    );
  });

  it('says that the database does not answer, or is none', async () => {
    const url = 'postgresql://me:secret@127.0.0.1:1/shop';
    await expectRefusal(
      { DATABASE_URL: url, DATABASE_CONNECT_TIMEOUT_MS: '300' },
      'PostgreSQL postgresql://me:…@127.0.0.1:1/shop: expected a server that answers (see DATABASE_URL), got connect ECONNREFUSED 127.0.0.1:1',
    );
    const file = join(dir, 'none.db');
    writeFileSync(file, 'not a database '.repeat(100));
    await expectRefusal(
      { DATABASE_URL: `file:${file}` },
      `SQLite file ${file}: expected a database that can be written (see DATABASE_URL), got file is not a database`,
    );
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
