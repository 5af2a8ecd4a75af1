import { appendFile, cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import fc from 'fast-check';

import {
  CheckpointError,
  loadCheckpoint,
  saveCheckpoint,
  type Checkpoint,
} from '../../../models/checkpoint/checkpoint';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();

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

  it('gives back a group of tensors that takes several files', async () => {
    const dir = join(root, 'split');
    const tensorOf = (length: number) => ({ shape: [length], data: new Float32Array(length).fill(length) });
    const state = { a: tensorOf(3), b: tensorOf(2), c: tensorOf(40), d: tensorOf(1) };
    await saveCheckpoint(dir, { tensors: { state, other: {} }, documents: {} }, 20);
    expect((await readdir(dir)).sort()).toEqual([
      'manifest.json',
      'other.safetensors',
      'state--2.safetensors', // c, which is too large for any
      'state--3.safetensors', // d
      'state.safetensors', // a and b: 20 bytes
    ]);
    expect((await loadCheckpoint(dir)).tensors).toEqual({ state, other: {} });
  });

  it('replaces a folder whole and leaves nothing beside it', async () => {
    await saveCheckpoint(join(root, 'twice'), example);
    await saveCheckpoint(join(root, 'twice'), { tensors: {}, documents: { config: 2 } });
    expect(await loadCheckpoint(join(root, 'twice'))).toEqual({ tensors: {}, documents: { config: 2 } });
    expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('loadCheckpoint', () => {
  it('refuses a file of which any one bit is another, by name', async () => {
    const dir = join(root, 'damaged');
    await saveCheckpoint(dir, example);
    const path = join(dir, 'weights.safetensors');
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * whole.length - 1), async (bit) => {
        const bytes = Buffer.from(whole);
        bytes[bit >> 3] ^= 1 << (bit & 7);
        await writeFile(path, bytes);
        await expect(loadCheckpoint(dir)).rejects.toThrow(
          /damaged\/weights\.safetensors: expected SHA-256 .* the file is damaged/,
        );
      }),
    );
  });

  it('refuses a file that is missing or cut off', async () => {
    const dir = join(root, 'missing');
    await saveCheckpoint(dir, example);
    await rm(join(dir, 'config.json'));
    await expect(loadCheckpoint(dir)).rejects.toThrow(/config\.json: expected a file, got ENOENT/);
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

  it("refuses another job's checkpoint, and names both jobs", async () => {
    const [first, second] = ['a', 'b'].map((digit, i) => join(root, `${i + 1}-${digit.repeat(32)}`, 'checkpoint'));
    await saveCheckpoint(first, example);
    await mkdir(join(second, '..'), { recursive: true });
    await cp(first, second, { recursive: true });
    expect(await loadCheckpoint(first)).toEqual(example);
    await expect(loadCheckpoint(second)).rejects.toThrow(
      /expected a checkpoint of job 2-b{32}, got one of job 1-a{32}/,
    );
  });
});
