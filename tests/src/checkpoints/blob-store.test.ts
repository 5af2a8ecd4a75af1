import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { loadCheckpoint, saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { type Blobs, BlobStore } from '../../../src/checkpoints/blob-store';
import { S3Blobs } from '../../../src/checkpoints/s3-blobs';
import { ChunkBlobs } from '../../../src/storage/chunk-blobs';
import { openTestPostgres } from '../../support/postgres';
import { S3_CREDENTIALS, startS3Server } from '../../support/s3-server';
import { canMountDisks, fill, onDisk } from '../../support/small-disk';
import { temporaryFolder } from '../../support/temporary-folder';

interface Remote {
  readonly blobs: Blobs;
  dispose(): Promise<void>;
}

async function openPostgresBlobs(): Promise<Remote> {
  const { url, dispose } = await openTestPostgres();
  return { blobs: new ChunkBlobs(url), dispose };
}

async function openS3Blobs(): Promise<Remote> {
  const { endpoint, dispose } = await startS3Server('shop');
  process.env.AWS_ENDPOINT_URL_S3 = endpoint;
  return { blobs: new S3Blobs('s3://shop/models'), dispose };
}

const JOB = `7-${'a'.repeat(32)}`;
const KEY = `jobs/${JOB}/checkpoint-1`;

const withDisk = canMountDisks() ? it : it.skip;

let root: string;

beforeAll(() => {
  root = temporaryFolder();
  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: S3_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: S3_CREDENTIALS.secretAccessKey,
  });
});

let machines = 0;
const machine = (blobs: Blobs) => {
  const dataDir = join(root, `machine-${++machines}`);
  return { store: new BlobStore(blobs, dataDir), dataDir };
};

/** @returns A checkpoint as a training leaves it. */
async function trained(weight: number, numbers = 4): Promise<string> {
  const dir = join(root, `work-${weight}`, JOB, 'checkpoint');
  const tensor = { shape: [numbers], data: new Float32Array(numbers).fill(weight) };
  await saveCheckpoint(dir, { tensors: { weights: { w: tensor } }, documents: { config: { weight } } });
  return dir;
}

describe.each([
  ['PostgreSQL', openPostgresBlobs],
  ['S3', openS3Blobs],
] as const)('BlobStore on %s', (_, open: () => Promise<Remote>) => {
  let remote: Remote;
  beforeAll(async () => {
    remote = await open();
  }, 60_000);
  afterAll(() => remote.dispose());

  it('brings a checkpoint to another machine, larger than a piece, and keeps a copy', async () => {
    const dir = await trained(1, 2_500_000);
    await machine(remote.blobs).store.save(KEY, dir);
    const { store, dataDir } = machine(remote.blobs);
    const [copy, again] = await Promise.all([store.open(KEY), store.open(KEY)]);
    expect([copy, again]).toEqual([join(dataDir, 'cache', KEY), copy]);
    for (const name of readdirSync(dir))
      expect(readFileSync(join(copy, name)).equals(readFileSync(join(dir, name)))).toBe(true);
    await remote.blobs.remove([`${KEY}/weights.safetensors`]); // the copy is enough
    expect(await store.open(KEY)).toBe(copy);
  });

  it('gives two processes of one machine the same copy at the same moment', async () => {
    const { store, dataDir } = machine(remote.blobs);
    const other = new BlobStore(remote.blobs, dataDir);
    const key = `jobs/${JOB}/checkpoint-10`;
    await store.save(key, await trained(10));
    const copies = await Promise.all([store.open(key), other.open(key)]);
    expect(copies).toEqual([join(dataDir, 'cache', key), copies[0]]);
    expect([store.problem, other.problem]).toEqual([null, null]);
    expect(await loadCheckpoint(copies[0])).toMatchObject({ documents: { config: { weight: 10 } } });
  });

  it.each(['{"files": ', '{}', 'null'])('refuses a checkpoint whose manifest is %s', async (manifest) => {
    const key = `jobs/${JOB}/checkpoint-damaged`;
    await remote.blobs.put(`${key}/manifest.json`, Buffer.from(manifest));
    const opening = machine(remote.blobs).store.open(key);
    await expect(opening).rejects.toMatchObject({
      name: 'CheckpointError',
      message: expect.stringMatching(/: expected a manifest in .*, got a damaged one$/),
    });
  });

  it('lists what it has, and removes it', async () => {
    const { store } = machine(remote.blobs);
    await store.save(`jobs/${JOB}/seq2seq-state-1-1`, await trained(2));
    await store.save(`jobs/${JOB}/seq2seq-state-1-10`, await trained(2));
    const keys = async () => (await store.list()).filter((key) => key.includes('seq2seq')).sort();
    expect(await keys()).toEqual([`jobs/${JOB}/seq2seq-state-1-1`, `jobs/${JOB}/seq2seq-state-1-10`]);
    await store.remove(`jobs/${JOB}/seq2seq-state-1-1`);
    expect(await keys()).toEqual([`jobs/${JOB}/seq2seq-state-1-10`]);
  });

  it('fetches a copy that was damaged again after a restart, and refuses a checkpoint that is damaged in the store', async () => {
    const { store, dataDir } = machine(remote.blobs);
    const key = `jobs/${JOB}/checkpoint-3`;
    await store.save(key, await trained(3));
    const copy = await store.open(key);
    writeFileSync(join(copy, 'config.json'), 'x');
    expect(await new BlobStore(remote.blobs, dataDir).open(key)).toBe(copy);
    expect((await loadCheckpoint(copy)).documents.config).toEqual({ weight: 3 });
    await remote.blobs.put(`${key}/config.json`, Buffer.from('y'));
    const other = machine(remote.blobs);
    await expect(other.store.open(key)).rejects.toMatchObject({ name: 'CheckpointError' });
    expect(existsSync(join(other.dataDir, 'cache', key))).toBe(false);
    await expect(store.open('jobs/none/checkpoint-1')).rejects.toMatchObject({ name: 'CheckpointError' });
    expect(store.problem).toBeNull();
  });

  it('keeps the copies that were used last', async () => {
    const { store, dataDir } = machine(remote.blobs);
    const keys = Array.from({ length: 21 }, (_, n) => `jobs/${JOB}/checkpoint-${100 + n}`);
    const dir = await trained(5);
    for (const [n, key] of keys.entries()) {
      await store.save(key, dir);
      utimesSync(await store.open(key), 1_000 + n, 1_000 + n);
    }
    expect(readdirSync(join(dataDir, 'cache', 'jobs', JOB)).sort()).toEqual(keys.slice(1).map((key) => basename(key)));
  });

  it('names a cache that cannot be written, and recovers', async () => {
    const { store, dataDir } = machine(remote.blobs);
    const key = `jobs/${JOB}/checkpoint-8`;
    await store.save(key, await trained(8));
    writeFileSync(dataDir, 'a file in place of the folder');
    await expect(store.open(key)).rejects.toMatchObject({
      name: 'CheckpointStoreError',
      message: expect.stringContaining('the cache of checkpoints cannot be written: ENOTDIR'),
    });
    expect(store.problem).toBe('the cache of checkpoints cannot be written');
    rmSync(dataDir);
    await store.open(key);
    expect(store.problem).toBeNull();
  });

  withDisk('names a full disk under the cache, leaves no half copy, and recovers', async () => {
    const { store, dataDir } = machine(remote.blobs);
    const key = `jobs/${JOB}/checkpoint-9`;
    await store.save(key, await trained(9));
    mkdirSync(dataDir);
    await onDisk(dataDir, '1m', async () => {
      fill(join(dataDir, 'ballast'));
      await expect(store.open(key)).rejects.toMatchObject({
        name: 'CheckpointStoreError',
        message: expect.stringContaining('the cache of checkpoints cannot be written: ENOSPC'),
      });
      expect(store.problem).toBe('the cache of checkpoints cannot be written');
      expect(readdirSync(join(dataDir, 'cache'))).toEqual(['.partial']);
      rmSync(join(dataDir, 'ballast'));
      expect(await loadCheckpoint(await store.open(key))).toMatchObject({ documents: { config: { weight: 9 } } });
      expect(store.problem).toBeNull();
    });
  });
});
