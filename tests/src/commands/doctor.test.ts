import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

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

  it('finds a database that is there', async () => {
    const postgres = await startPostgres();
    const onPostgres = await run(['doctor'], { DATABASE_URL: postgres.url });
    await postgres.dispose();
    expect([onPostgres.code, onPostgres.stdout]).toEqual([0, expect.stringMatching(/^Database .* answers$/m)]);
    const other = openCommandFolder();
    await other.run(['migrate']);
    expect((await other.run(['doctor'])).stdout).toContain(`SQLite ${join(other.dir, 'shop.db')}: present`);
    other.dispose();
  });

  it('fails when a file has the place of a folder', async () => {
    const other = openCommandFolder();
    const file = join(other.dir, 'file');
    writeFileSync(file, '');
    const inFile = await other.run(['doctor'], { DATA_DIR: join(file, 'data') });
    other.dispose();
    expect(inFile).toMatchObject({ code: 1, stderr: `tigerql: dataDir: ${file}/data: ${file} is a file\n` });
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
