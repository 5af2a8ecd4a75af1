/** Runs one training: it encodes the texts that have no vector yet, then starts a worker thread that trains. */
import { Rows } from '../../models/math/rows';
import { bareProgress, type FitProgress } from '../../models/training/fit-input';
import type { CodeAssigner } from '../semantic-ids/text-encoder';
import { buffersOf } from '../workers/buffers-of';
import type { TrainEvent, TrainProtocol, TrainRequest, TrainResult, TrainWorkerData } from '../workers/messages';
import { textAt } from '../workers/packed-texts';
import { spawnWorker } from '../workers/spawn-worker';

/** Texts that are encoded between two reports. */
const CHUNK = 64;

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
  const encoded = await encodeMissing(request, assigner, onProgress, signal);
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

/** Does the same as `runTraining`, but keeps the request's arrays, with the vectors that were missing, for further runs. */
export async function runOneOfSeveral(
  request: TrainRequest,
  assigner: CodeAssigner,
  data: TrainWorkerData,
  events: TrainingEvents,
  signal: AbortSignal,
): Promise<TrainResult> {
  await encodeMissing(request, assigner, events.onProgress, signal);
  return runTraining(structuredClone(request), assigner, data, events, signal);
}

/**
 * Fills the rows of the request's vectors that are NaN; equal texts are encoded once.
 *
 * @returns The new vectors, so that they can be stored.
 */
async function encodeMissing(
  { texts, vectors, dims }: TrainRequest,
  assigner: CodeAssigner,
  onProgress: TrainingEvents['onProgress'],
  signal: AbortSignal,
): Promise<TrainResult['encoded']> {
  const all = new Rows(vectors, dims);
  const rows = Array.from(texts.ends.keys()).filter((row) => Number.isNaN(all.row(row)[0]));
  const rowsOfText = rowsByText(texts, rows);
  const distinct = [...rowsOfText.keys()];
  for (let at = 0; at < distinct.length; at += CHUNK) {
    const chunk = distinct.slice(at, at + CHUNK);
    const { vectors: fresh } = await assigner.encode(
      chunk.map((text) => ({ text, embedding: null })),
      signal,
    );
    const made = new Rows(fresh, dims);
    chunk.forEach((text, i) => rowsOfText.get(text)!.forEach((row) => all.set(row, made.row(i))));
    onProgress(bareProgress('FEATURES', at + chunk.length, distinct.length));
  }
  return { rows: Int32Array.from(rows), vectors: all.pick(rows).values };
}

function rowsByText(texts: TrainRequest['texts'], rows: readonly number[]): Map<string, number[]> {
  const rowsOf = new Map<string, number[]>();
  for (const row of rows) {
    const text = textAt(texts, row);
    const equal = rowsOf.get(text);
    if (equal === undefined) rowsOf.set(text, [row]);
    else equal.push(row);
  }
  return rowsOf;
}
