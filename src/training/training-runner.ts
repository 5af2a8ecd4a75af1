/** Runs one training: makes the text vectors that are missing, then has a worker thread of its own train. */
import { bareProgress } from '../../models/training/fit-input';
import type { CodeAssigner } from '../semantic-ids/text-encoder';
import type { TrainProgress, TrainProtocol, TrainRequest, TrainResult, TrainWorkerData } from '../workers/messages';
import { spawnWorker } from '../workers/spawn-worker';

/** Texts encoded between two reports. */
const CHUNK = 64;

export interface TrainingEvents {
  readonly onProgress: (progress: TrainProgress) => void;
  /** Something that people should read, such as a codebook that is hardly used. */
  readonly onWarning: (message: string) => void;
}

/**
 * @param request - Its vectors are handed over, so empty afterwards.
 * @throws The signal's reason when it is aborted; an equal request later goes on from the job's folder.
 */
export async function runTraining(
  request: TrainRequest,
  assigner: CodeAssigner,
  data: TrainWorkerData,
  { onProgress, onWarning }: TrainingEvents,
  signal: AbortSignal,
): Promise<TrainResult> {
  const encoded = await encodeMissing(request, assigner, onProgress, signal);
  const worker = spawnWorker<TrainProtocol>('train', data);
  try {
    const onEvent = (event: TrainProtocol['train']['event']) =>
      event.type === 'progress' ? onProgress(event) : onWarning(event.message);
    // To copy the vectors would hold the event loop, and nobody needs them here any more.
    const { buffer } = request.vectors;
    return { ...(await worker.call(request, [buffer as ArrayBuffer], { signal, onEvent })), encoded };
  } finally {
    await worker.dispose();
  }
}

/** As `runTraining`, on data that further runs need: its vectors stay, with those that were missing. */
export async function runOneOfSeveral(
  request: TrainRequest,
  assigner: CodeAssigner,
  data: TrainWorkerData,
  events: TrainingEvents,
  signal: AbortSignal,
): Promise<TrainResult> {
  await encodeMissing(request, assigner, events.onProgress, signal);
  return runTraining({ ...request, vectors: request.vectors.slice() }, assigner, data, events, signal);
}

/** Fills the request's rows that are NaN. @returns What was made, so that it can be kept. */
async function encodeMissing(
  { texts, vectors, dims }: TrainRequest,
  assigner: CodeAssigner,
  onProgress: TrainingEvents['onProgress'],
  signal: AbortSignal,
): Promise<TrainResult['encoded']> {
  const rows = Array.from(texts.keys()).filter((row) => Number.isNaN(vectors[row * dims]));
  const made = new Float32Array(rows.length * dims);
  for (let at = 0; at < rows.length; at += CHUNK) {
    const chunk = rows.slice(at, at + CHUNK);
    const { vectors: fresh } = await assigner.encode(
      chunk.map((row) => ({ text: texts[row], embedding: null })),
      signal,
    );
    made.set(fresh, at * dims);
    chunk.forEach((row, i) => vectors.set(fresh.subarray(i * dims, (i + 1) * dims), row * dims));
    onProgress({ type: 'progress', ...bareProgress('FEATURES', at + chunk.length, rows.length) });
  }
  return { rows: Int32Array.from(rows), vectors: made };
}
