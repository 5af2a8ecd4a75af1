/** Worker thread that trains one model from plain arrays, on all cores, and writes its checkpoint. */
import { availableParallelism } from 'node:os';
import { workerData } from 'node:worker_threads';

import { openDevice } from '../../models/compute/backends';
import { codeTableOf } from '../../models/semantic-id/semantic-ids';
import { fitTiger } from '../../models/training/fit';
import { copyState } from './copy-state';
import { LOWEST_PRIORITY, lowerThreadPriority } from './machine-share';
import type { TrainProtocol, TrainWorkerData } from './messages';
import { unpackLog } from './packed-data';
import { openSearchHelpers } from './search-helpers';
import { serveWorker } from './serve-worker';

const { backend } = workerData as TrainWorkerData;

serveWorker<TrainProtocol>({
  train: async (request, { signal, emit }) => {
    lowerThreadPriority(LOWEST_PRIORITY); // the device's threads inherit the priority, so it comes first
    const onWarning = (message: string) => emit({ type: 'warning', message });
    const onSlow = (why: string) => onWarning(`The device is tfjs-cpu, far too slow to train with, since ${why}`);
    const device = await openDevice({ backend, threads: availableParallelism(), onSlow });
    try {
      const input = { ...request, log: unpackLog(request.log) };
      const { semanticIds, ...result } = await fitTiger(input, {
        device,
        signal,
        onProgress: (progress) => emit({ type: 'progress', progress }),
        onWarning,
        openHelpers: (model, users) => openSearchHelpers(model, { kind: device.kind, users }),
        onState: async () => {
          if (request.statesDir === undefined) return;
          emit({ type: 'state', dir: await copyState(request.jobDir, request.statesDir) });
        },
      });
      return { ...result, device: device.description, table: codeTableOf(request.itemIds, semanticIds) };
    } finally {
      device.dispose();
    }
  },
});
