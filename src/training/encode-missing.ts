/** Makes the vectors of the texts that have none yet, before a training begins. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { hasCheckpoint, loadCheckpoint, saveCheckpoint } from '../../models/checkpoint/checkpoint';
import { chunksOf, addToGroup } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import type { CodeAssigner } from '../semantic-ids/code-assigner';
import { forEachYielding } from '../storage/event-loop';
import { partOfFeatures } from '../workers/copy-state';
import type { TrainRequest, TrainResult } from '../workers/messages';
import { textAt } from '../workers/packed-data';

const HASH_BYTES = 32;
/** Texts that are encoded between two reports. */
const CHUNK = 64;
/** Encoding this many takes a minute or two. A killed process loses no more. A multiple of `CHUNK`. */
const TEXTS_PER_PART = 4096;

export interface EncodeOptions {
  /** Keeps what is encoded, and has what was encoded before. */
  readonly dir: string;
  readonly onProgress: (progress: FitProgress) => void;
  /** Called when the folder has another part. */
  readonly onSaved: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Fills the rows of the request's vectors that are NaN; equal texts are encoded once.
 *
 * @returns The new vectors, so that they can be stored.
 * @throws {AbortError} When the signal is aborted. What is encoded by then is in the folder.
 */
export async function encodeMissing(
  { texts, vectors, dims }: Pick<TrainRequest, 'texts' | 'vectors' | 'dims'>,
  assigner: Pick<CodeAssigner, 'encode'>,
  options: EncodeOptions,
): Promise<TrainResult['encoded']> {
  const all = new Rows(vectors, dims);
  const rows = Array.from(texts.ends.keys()).filter((row) => Number.isNaN(all.row(row)[0]));
  const { keys, rowsOf } = await groupByText(texts, rows);
  const fill = (key: string, vector: Float32Array) => rowsOf.get(key)?.forEach((row) => all.set(row, vector));
  const encoded = await EncodedTexts.open(options.dir, dims, fill);
  const left = Array.from(rowsOf).filter(([, [row]]) => Number.isNaN(all.row(row)[0]));
  try {
    let done = rowsOf.size - left.length;
    for (const chunk of chunksOf(left, CHUNK)) {
      const items = chunk.map(([, [row]]) => ({ text: textAt(texts, row), embedding: null }));
      const made = new Rows((await assigner.encode(items, options.signal)).vectors, dims);
      chunk.forEach(([key], i) => {
        fill(key, made.row(i));
        encoded.add(key, made.row(i));
      });
      if (encoded.numUnsaved >= TEXTS_PER_PART) await save(encoded, options);
      done += chunk.length;
      options.onProgress(bareProgress('FEATURES', done, rowsOf.size));
    }
  } finally {
    if (encoded.numUnsaved > 0) await save(encoded, options);
  }
  return { rows: Int32Array.from(rows), keys, vectors: all.pick(rows).values };
}

async function save(encoded: EncodedTexts, { onSaved }: EncodeOptions): Promise<void> {
  await encoded.save();
  await onSaved();
}

/** @returns The key of each row's text, and the rows of each key. */
async function groupByText(texts: TrainRequest['texts'], rows: readonly number[]) {
  const keys: string[] = [];
  const rowsOf = new Map<string, number[]>();
  await forEachYielding(rows, (row) => {
    const key = textKey(textAt(texts, row));
    keys.push(key);
    addToGroup(rowsOf, key, row);
  });
  return { keys, rowsOf };
}

/** @returns The key of a text's vector: the text's SHA-256. */
export function textKey(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/**
 * The vectors that a training has made of texts, in parts that are checkpoints of a folder: a training that goes on reads them, and
 * encodes only the other texts.
 */
class EncodedTexts {
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
