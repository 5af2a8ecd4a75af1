import { Client } from 'pg';

import { DATABASE_DEFAULTS } from '../../../src/config';
import { ChunkBlobs } from '../../../src/storage/chunk-blobs';
import { openDatabase } from '../../../src/storage/database';
import type { TestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';
import { until } from '../../support/until';

describe('ChunkBlobs', () => {
  let opened: TestDatabase;
  let blobs: ChunkBlobs;
  beforeAll(async () => {
    opened = await openTestPostgres();
    blobs = new ChunkBlobs(opened.url);
  });
  afterAll(() => opened.dispose());

  const parts = (file: string) => opened.database.read.checkpointChunk.count({ where: { file } });

  it('gives back a file of several pieces, an empty one, and null for one that is not there', async () => {
    const bytes = Buffer.alloc(9_000_001, 'tiger');
    await blobs.put('large', bytes);
    expect(await parts('large')).toBe(3);
    expect((await blobs.get('large'))?.equals(bytes)).toBe(true);
    await blobs.put('empty', Buffer.alloc(0));
    expect(await blobs.get('empty')).toHaveLength(0);
    expect(await blobs.get('nowhere')).toBeNull();
  });

  it('keeps no piece of a longer file that it replaces', async () => {
    await blobs.put('file', Buffer.alloc(4_000_001, 1));
    await blobs.put('file', Buffer.from('short'));
    expect(String(await blobs.get('file'))).toBe('short');
    expect(await parts('file')).toBe(1);
  });

  it('lists each file once by its beginning, in which no character is a wildcard', async () => {
    for (const name of ['jobs/1_a/x', 'jobs/1_a/y', 'jobs/10a/x', 'jobs/1%']) await blobs.put(name, Buffer.from(name));
    const listed = async (prefix: string) => (await blobs.list(prefix)).map(({ name }) => name).sort();
    expect(await listed('jobs/1_a/')).toEqual(['jobs/1_a/x', 'jobs/1_a/y']);
    expect(await listed('jobs/1%')).toEqual(['jobs/1%']);
    await blobs.remove(['jobs/1_a/x', 'jobs/none']);
    expect(await listed('jobs/1_a/')).toEqual(['jobs/1_a/y']);
  });

  it('needs no connection of the pool, and takes none from it', async () => {
    const database = await openDatabase(opened.url, { ...DATABASE_DEFAULTS, poolSize: 2 });
    const release: (() => void)[] = [];
    const holding = [0, 1].map(() => database.writeAside(() => new Promise<void>((done) => release.push(done))));
    await until(() => release.length === 2); // all of the pool is in use
    await blobs.put('beside', Buffer.from('tiger'));
    release.forEach((done) => done());
    await Promise.all(holding);
    const admin = new Client({ connectionString: opened.url });
    await admin.connect();
    await admin.query(`BEGIN; UPDATE "CheckpointChunk" SET "storedAt" = now() WHERE "file" = 'beside'`);
    let isStored = false;
    const storing = blobs.put('beside', Buffer.from('short')).then(() => (isStored = true));
    const both = [0, 1].map(() => database.writeAside(({ user }) => user.count()));
    expect(await Promise.all([...both, database.write(({ user }) => user.count())])).toEqual([0, 0, 0]);
    expect(isStored).toBe(false); // it waits for the row
    await admin.query('COMMIT');
    await storing;
    await Promise.all([admin.end(), database.dispose()]);
  });

  it('waits for a connection where the role has no more', async () => {
    const admin = new Client({ connectionString: opened.url });
    await admin.connect();
    await admin.query("CREATE ROLE rare LOGIN PASSWORD 'rare' CONNECTION LIMIT 1");
    await admin.query('GRANT ALL ON ALL TABLES IN SCHEMA public TO rare');
    const url = opened.url.replace('postgres:password', 'rare:rare');
    const busy = new Client({ connectionString: url });
    await busy.connect();
    await blobs.put('awaited', Buffer.from('tiger'));
    const attempts = jest.spyOn(Client.prototype, 'connect');
    const read = new ChunkBlobs(url).get('awaited');
    await until(() => attempts.mock.calls.length > 1); // it has asked in vain
    await busy.end();
    expect(String(await read)).toBe('tiger');
    await admin.end();
  });

  it('says why it cannot connect', async () => {
    await expect(new ChunkBlobs(opened.url.replace('password', 'wrong')).get('file')).rejects.toThrow(/password/);
  });
});
