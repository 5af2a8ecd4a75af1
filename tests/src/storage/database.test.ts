import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';

import { DATABASE_DEFAULTS } from '../../../src/config';
import { type Database, openDatabase } from '../../../src/storage/database';
import { isDatabaseFault, NewerTablesError } from '../../../src/storage/database-error';
import { RequestReads } from '../../../src/storage/request-reads';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { errorOf } from '../../support/error-of';
import { describeOnBoth, openTestPostgres } from '../../support/postgres';
import { temporaryFolder } from '../../support/temporary-folder';

describeOnBoth('openDatabase', (opened) => {
  it('keeps what a transaction wrote, and shows nothing of it before', async () => {
    const { database } = opened;
    const before = await database.write(async (transaction) => {
      await transaction.user.create({ data: { externalId: 'ann' } });
      return database.read.user.count();
    });
    expect(before).toBe(0);
    expect(await database.read.user.count()).toBe(1);
  });
});

describe('openDatabase', () => {
  it.each(['with % and %20', 'ünï©ode #'])('keeps its file in a folder named "%s"', async (name) => {
    const root = temporaryFolder();
    const database = await openDatabase(`file:${join(root, name, 'test.db')}`);
    await database.write((transaction) => transaction.user.create({ data: { externalId: 'ann' } }));
    expect(await new RequestReads(database.hotPath).user('ann')).not.toBeNull();
    await database.dispose();
    expect(readdirSync(root)).toEqual([name]);
    expect(existsSync(join(root, name, 'test.db'))).toBe(true);
  });

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
});

const STARTS = 6;

async function startTogether(url: string): Promise<void> {
  const opened = await Promise.all(Array.from({ length: STARTS }, () => openDatabase(url)));
  expect(await Promise.all(opened.map(({ read }) => read.item.count()))).toEqual(new Array(STARTS).fill(0));
  await Promise.all(opened.map((database) => database.dispose()));
}

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('openDatabase (%s)', (_, open) => {
  it('refuses to write, and is not ready, as soon as a newer version has changed the tables', async () => {
    const opened = await open();
    const { database } = opened;
    await database.checkWrite();
    await database.write(
      (transaction) => transaction.$executeRaw`
        INSERT INTO "_prisma_migrations" ("id", "checksum", "finished_at", "migration_name", "applied_steps_count")
        VALUES ('x', 'x', CURRENT_TIMESTAMP, '99999999999999_newer', 1)`,
    );
    const writing = database.write((transaction) => transaction.user.create({ data: { externalId: 'ann' } }));
    await expect(writing).rejects.toThrow(NewerTablesError);
    await expect(database.checkWrite()).rejects.toThrow(/a newer version of tigerql uses it/);
    expect(await database.read.user.count()).toBe(0);
    await expect(openDatabase(opened.url)).rejects.toThrow(/^migration 99999999999999_newer: expected a database of/);
    await opened.dispose();
  });
});

describe('openDatabase (sqlite)', () => {
  it('makes the tables once when several processes start on no file at all', async () => {
    for (let round = 0; round < 2; round++) {
      const folder = temporaryFolder();
      await startTogether(`file:${join(folder, 'test.db')}`);
    }
  });
});

describe('openDatabase (postgresql)', () => {
  let opened: TestDatabase;
  let admin: Client;
  const databases: Database[] = [];

  beforeAll(async () => {
    opened = await openTestPostgres();
    admin = new Client({ connectionString: opened.url });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await opened.dispose();
  });
  afterEach(async () => {
    for (const database of databases.splice(0)) await database.dispose();
  });

  async function openWith(url: string, settings: Partial<typeof DATABASE_DEFAULTS> = {}): Promise<Database> {
    const database = await openDatabase(url, { ...DATABASE_DEFAULTS, ...settings });
    databases.push(database);
    return database;
  }

  it('makes the tables once when several servers start on an empty database', async () => {
    for (let round = 0; round < 2; round++) {
      await admin.query(`CREATE DATABASE empty_${round}`);
      await startTogether(opened.url.replace(/\w+$/, `empty_${round}`));
    }
  });

  it('says that the database gives no answer when a lock or a statement takes too long', async () => {
    const database = await openWith(opened.url, { lockTimeoutMs: 200, statementTimeoutMs: 400 });
    await admin.query('BEGIN; LOCK TABLE "User" IN ACCESS EXCLUSIVE MODE');
    const errors = [
      await errorOf(database.read.user.count()),
      await errorOf(new RequestReads(database.hotPath).user('ann')),
    ];
    await admin.query('ROLLBACK');
    errors.push(await errorOf(database.read.$queryRaw`SELECT 1 FROM pg_sleep(2)`));
    expect(errors.map(isDatabaseFault)).toEqual([true, true, true]);
    expect(await database.read.user.count()).toBe(0);
  });

  it('answers again when its connections were cut, and says so meanwhile', async () => {
    const database = await openWith(opened.url);
    await database.read.user.count();
    const writing = database.write(async (transaction) => {
      await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tigerql' AND datname = current_database()",
      );
      await transaction.user.create({ data: { externalId: 'cut' } });
    });
    expect(isDatabaseFault(await errorOf(writing))).toBe(true);
    await database.write((transaction) => transaction.user.create({ data: { externalId: 'whole' } }));
    const names = await database.read.user.findMany({ where: { externalId: { in: ['cut', 'whole'] } } });
    expect(names.map(({ externalId }) => externalId)).toEqual(['whole']);
  });
});
