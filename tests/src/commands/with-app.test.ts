import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { ApiKeys } from '../../../src/api/api-keys';
import { CommandError } from '../../../src/commands/command';
import { throwUserErrors, withApp } from '../../../src/commands/open-services';
import { readConfig } from '../../../src/config';
import { openDatabase } from '../../../src/storage/database';

const dir = mkdtempSync(join(tmpdir(), 'tigerql-with-app-'));
const url = `file:${join(dir, 'shop.db')}`;
afterAll(() => rmSync(dir, { recursive: true }));

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
      await read.settled();
    } finally {
      await database.dispose();
    }
  });

  it('closes the app when the work fails', async () => {
    let read: () => Promise<unknown> = () => Promise.resolve();
    const failing = withApp(open(), async ({ catalogue }) => {
      read = () => catalogue.user('nobody');
      throw new CommandError('work failed');
    });
    await expect(failing).rejects.toThrow('work failed');
    await expect(read()).rejects.toThrow();
  });
});

describe('throwUserErrors', () => {
  it('throws all messages as one', () => {
    const errors = ['one', 'two'].map((message) => ({ code: 'NOT_FOUND', message, field: [] }) as const);
    expect(() => throwUserErrors(errors)).toThrow(new CommandError('one; two'));
  });

  it('does nothing without errors', () => {
    expect(() => throwUserErrors([])).not.toThrow();
  });
});
