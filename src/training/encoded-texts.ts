/**
 * The vectors that a training has made of texts, in parts that are checkpoints of a folder: a training that goes on reads them, and
 * encodes only the other texts.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { hasCheckpoint, loadCheckpoint, saveCheckpoint } from '../../models/checkpoint/checkpoint';
import { Rows } from '../../models/math/rows';
import { partOfFeatures } from '../workers/copy-state';

const HASH_BYTES = 32;

/** @returns What the vector of a text is kept under: its SHA-256. */
export function textKey(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

export class EncodedTexts {
  private readonly kept: { readonly key: string; readonly vector: Float32Array }[] = [];

  private constructor(
    private readonly dir: string,
    private readonly dims: number,
    private numParts: number,
  ) {}

  /** @param visit - Gets each vector that the folder has. */
  static async open(
    dir: string,
    dims: number,
    visit: (key: string, vector: Float32Array) => void,
  ): Promise<EncodedTexts> {
    let part = 0;
    for (; await hasCheckpoint(join(dir, partOfFeatures(part))); part++)
      await readPart(join(dir, partOfFeatures(part)), dims, visit);
    return new EncodedTexts(dir, dims, part);
  }

  /** Vectors that no part has yet. */
  get numUnsaved(): number {
    return this.kept.length;
  }

  add(key: string, vector: Float32Array): void {
    this.kept.push({ key, vector });
  }

  /** Writes what was added since the last time as a part. */
  async save(): Promise<void> {
    const { kept, dims } = this;
    const keys = new Uint8Array(kept.length * HASH_BYTES);
    const vectors = new Rows(new Float32Array(kept.length * dims), dims);
    kept.forEach(({ key, vector }, i) => {
      keys.set(Buffer.from(key, 'base64'), i * HASH_BYTES);
      vectors.set(i, vector);
    });
    const features = {
      keys: { shape: [kept.length, HASH_BYTES / 4], data: new Int32Array(keys.buffer) },
      vectors: { shape: [kept.length, dims], data: vectors.values },
    };
    await saveCheckpoint(join(this.dir, partOfFeatures(this.numParts)), { tensors: { features }, documents: {} });
    this.numParts++;
    kept.length = 0;
  }
}

async function readPart(dir: string, dims: number, visit: (key: string, vector: Float32Array) => void): Promise<void> {
  const { keys, vectors } = (await loadCheckpoint(dir)).tensors.features;
  if (vectors.shape[1] !== dims) return;
  const bytes = Buffer.from(keys.data.buffer);
  const made = new Rows(vectors.data as Float32Array, dims);
  for (let i = 0; i < made.count; i++)
    visit(bytes.toString('base64', i * HASH_BYTES, (i + 1) * HASH_BYTES), made.row(i));
}
