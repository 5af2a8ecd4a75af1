/** Makes the vectors of the texts that have none yet, before a training begins. */
import { chunksOf, addToGroup } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import type { CodeAssigner } from '../semantic-ids/code-assigner';
import { forEachYielding } from '../storage/event-loop';
import type { TrainRequest, TrainResult } from '../workers/messages';
import { textAt } from '../workers/packed-data';
import { EncodedTexts, textKey } from './encoded-texts';

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
