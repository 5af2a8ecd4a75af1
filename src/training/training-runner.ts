/** Runs one training: it encodes the texts that have no vector yet, then starts a worker thread that trains. */
import { addToGroup, chunksOf } from '../../models/math/arrays';
import { textAt } from '../../models/math/packed-texts';
import { Rows } from '../../models/math/rows';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import type { Config } from '../config';
import type { CodeAssigner } from '../semantic-ids/code-assigner';
import { forEachYielding } from '../storage/event-loop';
import type { TrainEvent, TrainProtocol, TrainRequest, TrainResult, TrainWorkerData } from '../workers/messages';
import { buffersOf } from '../workers/packed-data';
import { spawnWorker } from '../workers/spawn-worker';
import { readInThread } from './training-data';
import type { TrainingRunParts } from './training-run';

/** Texts that are encoded between two reports. A killed process loses no more: some seconds of work. */
const CHUNK = 256;

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
  /** Stores vectors that were made of texts, so that nobody makes them again. */
  readonly onEncoded?: (vectors: readonly MadeVector[]) => Promise<void>;
}

export interface MadeVector {
  readonly itemId: number;
  /** The vector was made of it. */
  readonly text: string;
  readonly vector: Float32Array;
}

/**
 * @param request - Its arrays are moved to the worker, so they are empty afterwards: a copy would block the event loop.
 * @throws {AbortError} When the signal is aborted. An equal request later goes on from the state in the job's folder.
 */
export async function runTraining(
  request: TrainRequest,
  assigner: CodeAssigner,
  data: TrainWorkerData,
  events: TrainingEvents,
  signal: AbortSignal,
): Promise<TrainResult> {
  await encodeMissing(request, assigner, events, signal);
  const worker = spawnWorker<TrainProtocol>('train', data);
  try {
    const onEvent = (event: TrainEvent) => {
      if (event.type === 'progress') events.onProgress(event.progress);
      else if (event.type === 'warning') events.onWarning(event.message);
      else events.onState?.(event.dir);
    };
    return await worker.call(request, buffersOf(request), { signal, onEvent });
  } finally {
    await worker.dispose();
  }
}

/**
 * Fills the rows of the request's vectors that are NaN; equal texts are encoded once.
 *
 * @throws {AbortError} When the signal is aborted.
 */
export async function encodeMissing(
  { itemIds, texts, vectors, dims }: Pick<TrainRequest, 'itemIds' | 'texts' | 'vectors' | 'dims'>,
  assigner: Pick<CodeAssigner, 'encode'>,
  { onProgress, onEncoded }: Pick<TrainingEvents, 'onProgress' | 'onEncoded'>,
  signal: AbortSignal,
): Promise<void> {
  const all = new Rows(vectors, dims);
  const rowsOf = new Map<string, number[]>();
  await forEachYielding(itemIds.keys(), (row) => {
    if (Number.isNaN(all.row(row)[0])) addToGroup(rowsOf, textAt(texts, row), row);
  });
  let done = 0;
  for (const chunk of chunksOf([...rowsOf], CHUNK)) {
    const items = chunk.map(([text]) => ({ text, embedding: null }));
    const made = new Rows((await assigner.encode(items, signal)).vectors, dims);
    const encoded = chunk.flatMap(([text, rows], i) => rows.map((row) => ({ row, text, vector: made.row(i) })));
    for (const { row, vector } of encoded) all.set(row, vector);
    await onEncoded?.(encoded.map(({ row, text, vector }) => ({ itemId: itemIds[row], text, vector })));
    done += chunk.length;
    onProgress(bareProgress('FEATURES', done, rowsOf.size));
  }
}
