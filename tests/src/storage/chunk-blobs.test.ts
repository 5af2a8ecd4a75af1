import { ChunkBlobs } from '../../../src/storage/chunk-blobs';
import { useTestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';

describe('ChunkBlobs', () => {
  const opened = useTestDatabase(openTestPostgres);
  let blobs: ChunkBlobs;
  beforeAll(async () => {
    blobs = new ChunkBlobs(opened.url);
  });

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
    const listed = async (prefix: string) => (await blobs.list(prefix)).sort();
    expect(await listed('jobs/1_a/')).toEqual(['jobs/1_a/x', 'jobs/1_a/y']);
    expect(await listed('jobs/1%')).toEqual(['jobs/1%']);
    await blobs.remove(['jobs/1_a/x', 'jobs/none']);
    expect(await listed('jobs/1_a/')).toEqual(['jobs/1_a/y']);
  });

  it('says why it cannot connect', async () => {
    await expect(new ChunkBlobs(opened.url.replace('password', 'wrong')).get('file')).rejects.toThrow(/password/);
  });
});
