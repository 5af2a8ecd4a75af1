/** Makes the parts that every process has, whether it serves requests (app.ts) or only trains (trainer-app.ts). */
import type { TopicHub } from '../../graphql/topics';
import type { AccessParts } from '../api/context';
import { readAccessOf } from '../api/read-access';
import { createStorefrontTokens } from '../api/storefront-tokens';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import type { CheckpointStore } from '../checkpoints/checkpoint-store';
import type { Config } from '../config';
import type { Logger } from '../logger';
import { messageOf } from '../message-of';
import type { CodeAssigner } from '../semantic-ids/code-assigner';
import type { Database } from '../storage/database';
import { readInThread } from '../training/data-reader';
import type { ModelStore } from '../training/model-store';
import { ProgressEvents } from '../training/progress-events';
import { shareCheckpoints } from '../training/share-checkpoints';
import { TrainingJobs } from '../training/training-jobs';
import type { TrainingQueueParts } from '../training/training-queue';
import { runTraining } from '../training/training-runner';
import { withTimeout } from '../waiting/promises';
import type { TrainWorkerData } from '../workers/messages';

/** How a caller is known, and what one without a key may read. */
export function createAccess({ readAccess, tokens }: Config, database: Database, logger: Logger): AccessParts {
  return { readAccess: readAccessOf(database, readAccess, logger), tokens: createStorefrontTokens(tokens) };
}

/** The database has checkpoints by their keys; workers read folders. Changes of the catalogue wait for it. */
export function fromStore(open: CheckpointStore['open'], assigner: CodeAssigner): CodeAssigner {
  return {
    ...assigner,
    assign: async (key, ...rest) => assigner.assign(await open(key), ...rest),
    rankLastLevel: async (key, ...rest) => assigner.rankLastLevel(await open(key), ...rest),
  };
}

interface TrainingParts {
  readonly services: CatalogueServices;
  readonly models: ModelStore;
  readonly events: TrainingQueueParts['events'];
  readonly store: CheckpointStore;
}

export function createTrainingJobs(
  config: Config,
  logger: Logger,
  { services, models, events, store }: TrainingParts,
): TrainingJobs {
  const { backend, dataDir, role } = config;
  const data: TrainWorkerData = { backend };
  // A command shows what the row of its job says.
  const isShown = role === 'command';
  const parts: TrainingQueueParts = {
    services,
    models,
    events,
    store,
    dataDir,
    readData: (job, jobDir, signal) => readInThread(config, job, jobDir, signal),
    runTraining: (request, events, signal) => runTraining(request, services.assigner, data, events, signal),
    onWarning: (jobId, message) => logger.warn({ jobId }, message),
    onReport: (jobId, message) => logger[isShown ? 'debug' : 'warn']({ jobId }, message),
    onFailure: (jobId, error) => logger[isShown ? 'debug' : 'error']({ jobId, err: error }, 'The training failed.'),
    onNews: (job, message) => logger.info(job, message),
    onFault: (error) =>
      logger.warn(
        { err: error },
        'The database or the checkpoint store does not answer the training queue. It tries again.',
      ),
  };
  return new TrainingJobs(parts, role !== 'serve');
}

export function createProgressEvents(database: Database, hub: TopicHub, logger: Logger): ProgressEvents {
  const onFault = (error: unknown) =>
    logger.warn(
      { err: error },
      'A report of a training could not be stored. It is tried again while the database does not answer.',
    );
  return new ProgressEvents({ database, hub, onFault });
}

/** A store that hangs does not keep the process from ending. */
const MAX_SHARING_WAIT_MS = 1_000;

/** Brings old checkpoints into the store in the background, since it may take minutes. First removes what is left of interrupted copies. */
export function createSharing(
  database: Pick<Database, 'read'>,
  store: Pick<CheckpointStore, 'share' | 'sweep'>,
  logger: Pick<Logger, 'warn'>,
) {
  const stop = new AbortController();
  let sharing = Promise.resolve();
  const onProblem = (message: string) => logger.warn(message);
  const share = async () => {
    await store.sweep().catch((error: unknown) => onProblem(messageOf(error)));
    await shareCheckpoints({ database, store, onProblem, signal: stop.signal });
  };
  return {
    start: () => void (sharing = share()),
    async dispose() {
      stop.abort();
      await withTimeout(MAX_SHARING_WAIT_MS, sharing, undefined);
    },
  };
}
