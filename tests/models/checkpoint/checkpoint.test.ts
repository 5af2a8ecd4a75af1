import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import {
  CheckpointError,
  hasCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
  type Checkpoint,
} from '../../../models/checkpoint/checkpoint';

let root: string;
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'tigerql-checkpoint-'))));
afterAll(() => rm(root, { recursive: true }));

const example: Checkpoint = {
  tensors: {
    weights: {
      'encoder.0': { shape: [2, 3], data: Float32Array.of(1, 2, 3, -4, 0.5, 1e-20) },
      steps: { shape: [], data: Int32Array.of(7) },
    },
  },
  documents: { config: { preset: 'tiny', seed: 3 } },
};

describe('saveCheckpoint', () => {
  it('gives back what was saved', async () => {
    await saveCheckpoint(join(root, 'round'), example);
    expect(await loadCheckpoint(join(root, 'round'))).toEqual(example);
  });

  it('gives back any tensors', async () => {
    const tensor = fc
      .array(fc.float({ noNaN: true }), { maxLength: 20 })
      .map((values) => ({ shape: [values.length], data: Float32Array.from(values) }));
    const names = fc.string({ minLength: 1, maxLength: 12 }).filter((name) => name !== '__proto__');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, tensor, { noNullPrototype: true }), async (weights) => {
        await saveCheckpoint(join(root, 'any'), { tensors: { weights }, documents: {} });
        expect((await loadCheckpoint(join(root, 'any'))).tensors.weights).toEqual(weights);
      }),
      { numRuns: 25 },
    );
  });

  it('replaces a folder whole and leaves nothing beside it', async () => {
    await saveCheckpoint(join(root, 'twice'), example);
    await saveCheckpoint(join(root, 'twice'), { tensors: {}, documents: { config: 2 } });
    expect(await loadCheckpoint(join(root, 'twice'))).toEqual({ tensors: {}, documents: { config: 2 } });
    expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('loadCheckpoint', () => {
  it('refuses a damaged file by name', async () => {
    const dir = join(root, 'damaged');
    await saveCheckpoint(dir, example);
    const bytes = await readFile(join(dir, 'weights.safetensors'));
    bytes[bytes.length - 3] ^= 1;
    await writeFile(join(dir, 'weights.safetensors'), bytes);
    await expect(loadCheckpoint(dir)).rejects.toThrow(
      /damaged\/weights\.safetensors: expected SHA-256 .* the file is damaged/,
    );
  });

  it('refuses a file that is missing or cut off', async () => {
    const dir = join(root, 'missing');
    await saveCheckpoint(dir, example);
    await rm(join(dir, 'config.json'));
    await expect(loadCheckpoint(dir)).rejects.toThrow(/config\.json: expected the file that the manifest names/);
  });

  it('refuses a folder without manifest, a broken one, and one that names files elsewhere', async () => {
    await expect(loadCheckpoint(join(root, 'nowhere'))).rejects.toThrow(CheckpointError);
    const dir = join(root, 'broken');
    await saveCheckpoint(dir, example);
    await appendFile(join(dir, 'manifest.json'), '}');
    await expect(loadCheckpoint(dir)).rejects.toThrow(/expected JSON/);
    await writeFile(
      join(dir, 'manifest.json'),
      JSON.stringify({ format: 'tigerql-checkpoint-1', files: { '../../etc/passwd.json': 'x' } }),
    );
    await expect(loadCheckpoint(dir)).rejects.toThrow(/expected plain file names/);
  });
});

describe('hasCheckpoint', () => {
  it('tells a checkpoint from an empty place', async () => {
    await saveCheckpoint(join(root, 'there'), example);
    expect(await hasCheckpoint(join(root, 'there'))).toBe(true);
    expect(await hasCheckpoint(join(root, 'not-there'))).toBe(false);
  });
});
