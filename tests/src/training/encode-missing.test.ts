import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FitProgress } from '../../../models/training/fit-input';
import type { CodeAssigner } from '../../../src/semantic-ids/code-assigner';
import { encodeMissing, textKey } from '../../../src/training/encode-missing';
import { packTexts } from '../../../src/workers/packed-data';

const DIMS = 2;
/** One more than a part has, and a piece. */
const NUM_TEXTS = 4096 + 70;

let root: string;
let dir: string;
let encoded: string[];
let parts: string[][];
let progress: FitProgress[];

beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'tigerql-encode-'))));
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  [encoded, parts, progress] = [[], [], []];
  dir = await mkdtemp(join(root, 'job-'));
});

const textOf = (row: number) => `text ${row}`;
const vectorOf = (text: string) => [Number(text.slice(5)), 0.1];

/** @param failAt - The encoder fails before this many texts. */
function encode(failAt = Infinity) {
  const assigner: Pick<CodeAssigner, 'encode'> = {
    encode: async (items) => {
      if (encoded.length >= failAt) throw new Error('the thread has ended');
      encoded.push(...items.map(({ text }) => text));
      const vectors = Float32Array.from(items.flatMap(({ text }) => vectorOf(text)));
      return { vectors, dims: DIMS, encoder: 'fake' };
    },
  };
  const vectors = new Float32Array(NUM_TEXTS * DIMS).fill(NaN);
  const texts = packTexts(Array.from({ length: NUM_TEXTS }, (_, row) => textOf(row)));
  return encodeMissing({ texts, vectors, dims: DIMS }, assigner, {
    dir,
    onProgress: (one) => progress.push(one),
    onSaved: async () => void parts.push((await readdir(dir)).sort()),
    signal: new AbortController().signal,
  });
}

describe('encodeMissing', () => {
  const expected = Float32Array.from(Array.from({ length: NUM_TEXTS }, (_, row) => vectorOf(textOf(row))).flat());

  it('keeps what it has made in the folder, part by part, and says so of each', async () => {
    expect((await encode()).vectors).toEqual(expected);
    expect(parts).toEqual([['features0'], ['features0', 'features1']]);
  });

  it('encodes nothing that the folder has', async () => {
    await encode();
    encoded = [];
    const { rows, keys, vectors } = await encode();
    expect(keys[1]).toBe(textKey(textOf(1)));
    expect(encoded).toEqual([]);
    expect(vectors).toEqual(expected);
    expect(rows).toHaveLength(NUM_TEXTS);
    expect(parts).toHaveLength(2);
  });

  it('goes on after a failure where it was, in the same pieces', async () => {
    await expect(encode(4096 + 64)).rejects.toThrow('the thread has ended');
    expect(parts.at(-1)).toEqual(['features0', 'features1']);
    [encoded, progress] = [[], []];
    expect((await encode()).vectors).toEqual(expected);
    expect(encoded).toEqual(Array.from({ length: 6 }, (_, i) => textOf(4096 + 64 + i)));
    expect(progress).toMatchObject([{ phase: 'FEATURES', step: NUM_TEXTS, totalSteps: NUM_TEXTS }]);
    expect(parts.at(-1)).toEqual(['features0', 'features1', 'features2']);
  });
});

describe('textKey', () => {
  it('is the SHA-256 of the text', () => {
    expect(textKey('abc')).toBe('ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=');
  });
});
