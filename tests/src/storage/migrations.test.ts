import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../../src/paths';
import { openDatabase } from '../../../src/storage/database';
import { applyMigrations, type Migration, readMigrations } from '../../../src/storage/migrations';
import { sqliteMigrationTarget } from '../../../src/storage/sqlite-adapter';

const FIRST: Migration = { name: '1_first', sql: 'CREATE TABLE a (x INT);\nCREATE TABLE b (x INT);', checksum: 'aa' };
const SECOND: Migration = { name: '2_second', sql: 'ALTER TABLE a ADD COLUMN y INT;', checksum: 'bb' };

describe('applyMigrations', () => {
  let target: Awaited<ReturnType<typeof sqliteMigrationTarget>>;
  beforeEach(async () => {
    target = await sqliteMigrationTarget(':memory:');
  });
  afterEach(() => target.dispose());

  it('applies what is pending, in order, once', async () => {
    expect(await applyMigrations(target, [FIRST])).toEqual(['1_first']);
    expect(await applyMigrations(target, [FIRST, SECOND])).toEqual(['2_second']);
    expect(await applyMigrations(target, [FIRST, SECOND])).toEqual([]);
    expect(await target.query('SELECT x, y FROM a')).toEqual([]);
  });

  it('leaves nothing of a migration that fails half-way', async () => {
    const broken = { ...FIRST, sql: `${FIRST.sql}\nCREATE TABLE a (x INT);` };
    await expect(applyMigrations(target, [broken])).rejects.toThrow(
      /^migration 1_first: expected it to apply, got .*a already exists/,
    );
    expect(await applyMigrations(target, [FIRST])).toEqual(['1_first']);
  });
});

describe('readMigrations', () => {
  it('finds the same migrations for both databases', () => {
    const names = (provider: 'sqlite' | 'postgresql') => readMigrations(provider).map(({ name }) => name);
    expect(names('sqlite')).toEqual(names('postgresql'));
    expect(names('sqlite').length).toBeGreaterThan(0);
  });
});

describe('schema.postgresql.prisma', () => {
  it('is what is derived from schema.prisma', () => {
    const script = join(PACKAGE_ROOT, 'prisma', 'derive-postgresql.mjs');
    expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
  });
});

describe('openDatabase', () => {
  it('says what is wrong with a URL, without the password', async () => {
    await expect(openDatabase('mysql://me:secret@host/db')).rejects.toThrow(
      'DATABASE_URL: expected file:… or postgresql://…, got mysql://me:…@host/db',
    );
  });
});
