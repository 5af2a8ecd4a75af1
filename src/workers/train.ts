/** Worker thread that trains one model from plain arrays, on all cores, and writes its checkpoint. */
import { availableParallelism } from 'node:os';
import { workerData } from 'node:worker_threads';

import { fitTiger, loadTokenizer, openDevice, type FitInput, type SemanticId } from '../../models/tiger';
import { lowerThreadPriority } from './lower-priority';
import type { CodeTable, TrainProtocol, TrainRequest, TrainResult, TrainWorkerData } from './messages';
import { serveWorker } from './serve-worker';

const { backend } = workerData as TrainWorkerData;

serveWorker<TrainProtocol>({
  train: async (request, { signal, emit }) => {
    lowerThreadPriority(); // the device's threads inherit the priority, so it comes first
    const device = await openDevice({ backend, threads: availableParallelism() });
    try {
      const { semanticIds, ...result } = await fitTiger({
        ...(await fitInput(request)),
        device,
        signal,
        onProgress: (progress) => emit({ type: 'progress', progress }),
        onWarning: (message) => emit({ type: 'warning', message }),
      });
      return { type: 'result', ...result, device: device.description, table: tableOf(request.itemIds, semanticIds) };
    } finally {
      device.dispose();
    }
  },
});

async function fitInput(
  request: TrainRequest,
): Promise<Omit<FitInput, 'device' | 'signal' | 'onProgress' | 'onWarning'>> {
  const { userKeys, offsets, itemRows, times, tokenizerFrom } = request;
  return {
    ...request,
    log: { userKeys, offsets, items: itemRows, times },
    tokenizer: tokenizerFrom === null ? null : await loadTokenizer(tokenizerFrom),
    presentIds: presentIds(request),
  };
}

/** IDs that items have already, in the order of the request's items. */
function presentIds({ itemIds, presentCodes }: TrainRequest): (SemanticId | null)[] | null {
  if (presentCodes === null) return null;
  const { idLength, codes } = presentCodes;
  const byItem = new Map(
    Array.from(presentCodes.itemIds, (itemId, row) => [
      itemId,
      Array.from(codes.subarray(row * idLength, (row + 1) * idLength)),
    ]),
  );
  return Array.from(itemIds, (itemId) => byItem.get(itemId) ?? null);
}

function tableOf(itemIds: Int32Array, semanticIds: readonly SemanticId[]): TrainResult['table'] {
  return {
    idLength: semanticIds[0]?.length ?? 0,
    itemIds,
    codes: Int32Array.from(semanticIds.flat()),
  } satisfies CodeTable;
}
