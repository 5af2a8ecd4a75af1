import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DATABASE_DEFAULTS } from '../../../src/config';
import { connectPostgresql } from '../../../src/storage/postgresql-pool';
import { openCommandFolder } from '../../support/command-run';
import { startPostgres } from '../../support/postgres';

describe('tigerql doctor', () => {
  const { run, dispose } = openCommandFolder();
  afterAll(dispose);

  it('finds a device that works, and a database that the first start can make', async () => {
    const { code, stdout } = await run(['doctor', '--json']);
    expect(code).toBe(0);
    const { device, devices, database } = JSON.parse(stdout) as {
      device: string;
      devices: { kind: string; works: boolean }[];
      database: { works: boolean; detail: string };
    };
    expect(devices.find(({ works }) => works)?.kind).toBe(device);
    expect(database.works).toBe(true);
    expect(database.detail).toContain('the first start makes it');
  });

  it('fails when the database does not answer, and prints no password', async () => {
    const { code, stdout, stderr } = await run(['doctor'], { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/shop' });
    expect(code).toBe(1);
    const line = 'PostgreSQL postgresql://me:…@127.0.0.1:1/shop: connect ECONNREFUSED 127.0.0.1:1';
    expect(stdout).toContain(line);
    expect(stderr).toContain(`tigerql: database: ${line}`);
    expect(stdout + stderr).not.toContain('secret');
  });

  it.each([
    [
      'is none',
      (file: string) => writeFileSync(file, 'stock_code,description\n'.repeat(100)),
      'file is not a database',
    ],
    ['is a part of one', (file: string) => truncateSync(file, 50_000), 'database disk image is malformed'],
  ])('fails when the file of the database %s', async (_, damage, reason) => {
    const other = openCommandFolder();
    await other.run(['migrate']);
    const file = join(other.dir, 'shop.db');
    expect((await other.run(['doctor'])).stdout).toContain(`SQLite ${file}: present`);
    damage(file);
    const { code, stderr } = await other.run(['doctor']);
    other.dispose();
    expect([code, stderr]).toEqual([1, `tigerql: database: SQLite ${file}: ${reason}\n`]);
  });

  it('looks at the tables of a PostgreSQL database too', async () => {
    const postgres = await startPostgres();
    const variables = { DATABASE_URL: postgres.url };
    const empty = await run(['doctor'], variables);
    await run(['migrate'], variables);
    const migrated = await run(['doctor'], variables);
    const database = await connectPostgresql(postgres.url, DATABASE_DEFAULTS);
    await database.query(
      `UPDATE _prisma_migrations SET migration_name = '29990101000000_later' WHERE migration_name LIKE '%_init'`,
    );
    await database.end();
    const newer = await run(['doctor'], variables);
    await postgres.dispose();
    for (const { code, stdout } of [empty, migrated])
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^Database .* answers$/m)]);
    expect([newer.code, newer.stderr]).toEqual([
      1,
      expect.stringMatching(/^tigerql: database: PostgreSQL \S+: migration 29990101000000_later: expected a database/),
    ]);
  });

  it('fails when a file has the place of a folder, or a folder that of the database', async () => {
    const other = openCommandFolder();
    const [file, folder] = [join(other.dir, 'file'), join(other.dir, 'shop.db')];
    writeFileSync(file, '');
    mkdirSync(folder);
    const inFile = await other.run(['doctor'], {
      DATA_DIR: join(file, 'data'),
      DATABASE_URL: `file:${other.dir}/x.db`,
    });
    const ofFolder = await other.run(['doctor']);
    other.dispose();
    expect(inFile).toMatchObject({ code: 1, stderr: `tigerql: dataDir: ${file}/data: ${file} is a file\n` });
    const fault = 'a file that cannot be opened; it is a folder, or this user may not read and write it';
    expect(ofFolder).toMatchObject({ code: 1, stderr: `tigerql: database: SQLite ${folder}: ${fault}\n` });
  });

  it('fails when the device that TIGER_BACKEND names does not work', async () => {
    const { devices } = JSON.parse((await run(['doctor', '--json'])).stdout) as {
      devices: { kind: string; works: boolean }[];
    };
    const broken = devices.find(({ works }) => !works)!.kind; // no machine has all of them
    const { code, stderr } = await run(['doctor'], { TIGER_BACKEND: broken });
    expect(code).toBe(1);
    expect(stderr).toContain(`TIGER_BACKEND ${broken}: expected a device that works, got none`);
  });
});
