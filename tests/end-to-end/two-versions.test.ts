/** Two versions of the program on one database: the newer one has a migration more. */
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../../src/paths';
import { testClient } from '../support/graphql-client';
import { littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { openTestPostgres } from '../support/postgres';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { temporaryFolder } from '../support/temporary-folder';
import { useOpened } from '../support/use-opened';

const MIGRATION = '99990101000000_of_the_newer_version';
const PARTS = ['dist', 'graphql/operations', 'package.json', 'prisma/migrations'];

/** @returns The root of a package like this one, with a migration more. */
function newerVersion(dir: string): string {
  for (const part of PARTS) cpSync(join(PACKAGE_ROOT, part), join(dir, part), { recursive: true });
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(dir, 'node_modules'));
  const folder = join(dir, 'prisma', 'migrations', 'postgresql', MIGRATION);
  mkdirSync(folder);
  writeFileSync(join(folder, 'migration.sql'), 'CREATE TABLE "Newer" ("id" INTEGER PRIMARY KEY);\n');
  return dir;
}

describe('two versions on one PostgreSQL', () => {
  const dir = temporaryFolder();
  const servers: ServerProcess[] = [];
  afterAll(() => Promise.all(servers.map((server) => server.kill())));
  const database = useOpened(openTestPostgres);

  const start = async (root?: string) => {
    const server = await startServerProcess(join(dir, 'data'), { DATABASE_URL: database.url }, root);
    servers.push(server);
    return server;
  };
  const addItem = (server: ServerProcess, n: number) =>
    testClient(server.url, ADMIN_KEY).execute(OPERATIONS['upsert-items'], { input: { items: [littleItems()[n]] } });

  it('leave the database to the newer one: the older one writes nothing more, is not ready, and does not start again', async () => {
    mkdirSync(join(dir, 'data'));
    const older = await start();
    (await addItem(older, 0)).expectData();
    const newer = await start(newerVersion(join(dir, 'newer')));
    (await addItem(newer, 1)).expectData();

    const ready = await fetch(`${older.url}/health/ready`);
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('got those of a newer one')]);
    const { errors } = await addItem(older, 2);
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['DATABASE_UNAVAILABLE']);
    await expect(start()).rejects.toThrow(`migration ${MIGRATION}: expected a database of this version of tigerql`);

    expect((await fetch(`${newer.url}/health/ready`)).status).toBe(200);
    const { catalogue } = (await testClient(newer.url, ADMIN_KEY).execute('{ catalogue { itemCount } }')).expectData();
    expect(catalogue.itemCount).toBe(2);
  }, 120_000);
});
