/** Runs one training: it encodes the texts that have no vector yet, then starts a worker thread that trains. */
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';

import { hasCheckpoint, loadCheckpoint, saveCheckpoint } from '../../models/checkpoint/checkpoint';
import { addToGroup, chunksOf } from '../../models/math/arrays';
import { Rows } from '../../models/math/rows';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import type { Config } from '../config';
import type { CodeAssigner } from '../semantic-ids/code-assigner';
import { forEachYielding } from '../storage/event-loop';
import { copyState, partOfFeatures } from '../workers/copy-state';
import type { TrainEvent, TrainProtocol, TrainRequest, TrainResult, TrainWorkerData } from '../workers/messages';
import { buffersOf, textAt } from '../workers/packed-data';
import { spawnWorker } from '../workers/spawn-worker';
import { readInThread } from './training-data';
import type { TrainingRunParts } from './training-run';

const HASH_BYTES = 32;
/** Texts that are encoded between two reports. */
const CHUNK = 256;
/** Encoding this many takes some ten seconds. A killed process loses no more. A multiple of `CHUNK`. */
const TEXTS_PER_PART = 4096;

/** How the jobs of a process are run: their data are read in one thread and trained on in another. */
export function trainInThreads(
  {
    backend,
    dataDir,
    role,
    databaseUrl,
    database,
  }: Pick<Config, 'backend' | 'dataDir' | 'role' | 'databaseUrl' | 'database'>,
  assigner: CodeAssigner,
): Pick<TrainingRunParts, 'dataDir' | 'isRowShown' | 'readData' | 'runTraining'> {
  return {
    dataDir,
    isRowShown: role === 'command',
    readData: (job, jobDir, signal, onProgress) =>
      readInThread({ databaseUrl, database }, job, jobDir, signal, onProgress),
    runTraining: (request, events, signal) => runTraining(request, assigner, { backend }, events, signal),
  };
}

export interface TrainingEvents {
  readonly onProgress: (progress: FitProgress) => void;
  /** A message for people, such as that a codebook is hardly used. */
  readonly onWarning: (message: string) => void;
  /** Gets a folder with the job's state: see `TrainRequest.statesDir`. */
  readonly onState?: (dir: string) => void;
}

/**
 * @param request - Its arrays are moved to the worker, so they are empty afterwards: a copy would block the event loop.
 * @throws {AbortError} When the signal is aborted. An equal request later goes on from the state in the job's folder.
 */
export async function runTraining(
  request: TrainRequest,
  assigner: CodeAssigner,
  data: TrainWorkerData,
  { onProgress, onWarning, onState }: TrainingEvents,
  signal: AbortSignal,
): Promise<TrainResult> {
  const { jobDir, statesDir } = request;
  const onSaved = async () => {
    if (statesDir !== undefined) onState?.(await copyState(jobDir, statesDir));
  };
  const encoded = await encodeMissing(request, assigner, { dir: jobDir, onProgress, onSaved, signal });
  const worker = spawnWorker<TrainProtocol>('train', data);
  try {
    const onEvent = (event: TrainEvent) => {
      if (event.type === 'progress') onProgress(event.progress);
      else if (event.type === 'warning') onWarning(event.message);
      else onState?.(event.dir);
    };
    return { ...(await worker.call(request, buffersOf(request), { signal, onEvent })), encoded };
  } finally {
    await worker.dispose();
  }
}

/**
 * Does the same as `runTraining`, but keeps the request's arrays, with the vectors that were missing, for further runs. Runs whose folders
 * lie beside one another share the vectors.
 */
export async function runOneOfSeveral(
  request: TrainRequest,
  assigner: CodeAssigner,
  data: TrainWorkerData,
  events: TrainingEvents,
  signal: AbortSignal,
): Promise<TrainResult> {
  const options = {
    dir: dirname(request.jobDir),
    onProgress: events.onProgress,
    onSaved: async () => undefined,
    signal,
  };
  await encodeMissing(request, assigner, options);
  return runTraining(structuredClone(request), assigner, data, events, signal);
}

interface EncodeOptions {
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
  { dir, onProgress, onSaved, signal }: EncodeOptions,
): Promise<TrainResult['encoded']> {
  const all = new Rows(vectors, dims);
  const rows = Array.from(texts.ends.keys()).filter((row) => Number.isNaN(all.row(row)[0]));
  const { keys, rowsOf } = await groupByText(texts, rows);
  const fill = ({ key, vector }: EncodedText) => rowsOf.get(key)?.forEach((row) => all.set(row, vector));
  let numParts = await readParts(dir, dims, fill);
  let unsaved: EncodedText[] = [];
  const save = async () => {
    if (unsaved.length === 0) return;
    await savePart(join(dir, partOfFeatures(numParts++)), unsaved, dims);
    unsaved = [];
    await onSaved();
  };
  const left = Array.from(rowsOf).filter(([, [row]]) => Number.isNaN(all.row(row)[0]));
  try {
    let done = rowsOf.size - left.length;
    for (const chunk of chunksOf(left, CHUNK)) {
      const items = chunk.map(([, [row]]) => ({ text: textAt(texts, row), embedding: null }));
      const made = new Rows((await assigner.encode(items, signal)).vectors, dims);
      const encoded = chunk.map(([key], i) => ({ key, vector: made.row(i) }));
      encoded.forEach(fill);
      unsaved.push(...encoded);
      if (unsaved.length >= TEXTS_PER_PART) await save();
      done += chunk.length;
      onProgress(bareProgress('FEATURES', done, rowsOf.size));
    }
  } finally {
    await save();
  }
  return { rows: Int32Array.from(rows), keys, vectors: all.pick(rows).values };
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

interface EncodedText {
  readonly key: string;
  readonly vector: Float32Array;
}

/** Reads the vectors of the folder's parts, which are checkpoints. @returns How many parts there are. */
async function readParts(dir: string, dims: number, visit: (encoded: EncodedText) => void): Promise<number> {
  for (let part = 0; ; part++) {
    const folder = join(dir, partOfFeatures(part));
    if (!(await hasCheckpoint(folder))) return part;
    const { keys, vectors } = (await loadCheckpoint(folder)).tensors.features;
    if (vectors.shape[1] !== dims) continue;
    const bytes = Buffer.from(keys.data.buffer);
    const made = new Rows(vectors.data as Float32Array, dims);
    for (let i = 0; i < made.count; i++)
      visit({ key: bytes.toString('base64', i * HASH_BYTES, (i + 1) * HASH_BYTES), vector: made.row(i) });
  }
}

async function savePart(folder: string, texts: readonly EncodedText[], dims: number): Promise<void> {
  const keys = new Uint8Array(texts.length * HASH_BYTES);
  const vectors = new Rows(new Float32Array(texts.length * dims), dims);
  texts.forEach(({ key, vector }, i) => {
    keys.set(Buffer.from(key, 'base64'), i * HASH_BYTES);
    vectors.set(i, vector);
  });
  const features = {
    keys: { shape: [texts.length, HASH_BYTES / 4], data: new Int32Array(keys.buffer) },
    vectors: { shape: [texts.length, dims], data: vectors.values },
  };
  await saveCheckpoint(folder, { tensors: { features }, documents: {} });
}
