import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DATABASE_DEFAULTS } from '../../../src/config';
import { openDatabase } from '../../../src/storage/database';
import { RequestReads } from '../../../src/storage/request-reads';
import { openTestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('openDatabase (%s)', (_, open) => {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.dispose());

  it('keeps what a transaction wrote, and shows nothing of it before', async () => {
    const { database } = opened;
    const before = await database.write(async (transaction) => {
      await transaction.user.create({ data: { externalId: 'ann' } });
      return database.read.user.count();
    });
    expect(before).toBe(0);
    expect(await database.read.user.count()).toBe(1);
  });

  it('says that it waits for another program, which holds the write lock', async () => {
    const messages: string[] = [];
    let tell: () => void = () => undefined;
    const writing = opened.database.write(() => new Promise<void>((resolve) => (tell = resolve)));
    const other = await openDatabase(opened.url, DATABASE_DEFAULTS, (message) => {
      messages.push(message);
      tell();
    });
    await Promise.all([writing, other.dispose()]);
    expect(messages).toEqual([expect.stringMatching(/another program holds the write lock; .* up to 30 s$/)]);
  });

  it('undoes a transaction that throws', async () => {
    const { database } = opened;
    const failing = database.write(async (transaction) => {
      await transaction.user.create({ data: { externalId: 'bob' } });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.read.user.findUnique({ where: { externalId: 'bob' } })).toBeNull();
  });
});

describe('openDatabase', () => {
  it.each(['with blank', 'with % and %20', 'with #hash', 'ünï©ode'])(
    'keeps its file in a folder named "%s"',
    async (name) => {
      const root = mkdtempSync(join(tmpdir(), 'tigerql-test-'));
      const database = await openDatabase(`file:${join(root, name, 'test.db')}`);
      await database.write((transaction) => transaction.user.create({ data: { externalId: 'ann' } }));
      expect(await new RequestReads(database.hotPath).user('ann')).not.toBeNull();
      await database.dispose();
      expect(readdirSync(root)).toEqual([name]);
      expect(existsSync(join(root, name, 'test.db'))).toBe(true);
      rmSync(root, { recursive: true });
    },
  );

  it('leaves nothing in the file of what was deleted', async () => {
    const { database, url } = await openTestDatabase();
    const data = Array.from({ length: 2_000 }, (_, n) => ({ externalId: `erased-${n}` }));
    await database.write(({ user }) => user.createMany({ data: [...data, { externalId: 'stays' }] }));
    for (const part of ['1', '2', ''])
      await database.write(({ user }) => user.deleteMany({ where: { externalId: { startsWith: `erased-${part}` } } }));
    await database.dispose();
    const text = readFileSync(url.slice('file:'.length), 'latin1');
    expect([text.includes('stays'), text.includes('erased-')]).toEqual([true, false]);
  });

  it('leaves everything in the one file when it is closed', async () => {
    const opened = await openTestDatabase();
    await opened.database.write((transaction) => transaction.user.create({ data: { externalId: 'ann' } }));
    await opened.database.read.user.count();
    await opened.database.dispose();
    const copy = join(mkdtempSync(join(tmpdir(), 'tigerql-test-')), 'copy.db');
    copyFileSync(opened.url.slice('file:'.length), copy);
    const reopened = await openDatabase(`file:${copy}`);
    expect(await reopened.read.user.count()).toBe(1);
    await reopened.dispose();
  });
});
