/** Runs one training: it encodes the texts that have no vector yet, then starts a worker thread that trains. */
import { dirname } from 'node:path';

import type { FitProgress } from '../../models/training/fit-input';
import type { Config } from '../config';
import type { CodeAssigner } from '../semantic-ids/code-assigner';
import { copyState } from '../workers/copy-state';
import type { TrainEvent, TrainProtocol, TrainRequest, TrainResult, TrainWorkerData } from '../workers/messages';
import { buffersOf } from '../workers/packed-data';
import { spawnWorker } from '../workers/spawn-worker';
import { encodeMissing } from './encode-missing';
import { readInThread } from './training-data';
import type { TrainingRunParts } from './training-run';

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
    readData: (job, jobDir, signal) => readInThread({ databaseUrl, database }, job, jobDir, signal),
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
