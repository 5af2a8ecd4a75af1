/** Threads that search while a training measures its model: one thread alone would leave the other cores idle. */
import type { DeviceKind } from '../../models/compute/device';
import { NO_HELP, type SearchHelper, type SearchHelpers } from '../../models/evaluation/held-out-ranker';
import type { SearchedModel } from '../../models/training/measure-model';
import { type Room, roomHere } from './machine-share';
import type { PackedModel, SearchProtocol } from './messages';
import { packModel } from './packed-data';
import { spawnWorker, type WorkerClient } from './spawn-worker';

/** With fewer users a thread would hardly be ready before all is measured. */
const MIN_USERS = 1000;
/** Memory for a server and a training without them. */
const FIRST_BYTES = 3 * 2 ** 30;
/** Memory for each of them, beside the model. */
const BYTES_PER_HELPER = 384 * 2 ** 20;

/**
 * Opens as many threads as are worth their start: one a core, but no more than the memory allows, and none where that is one. Each opens
 * the model before its first search.
 *
 * @param kind - The training's device: of a graphics card several threads would each have a copy of the model.
 * @param users - How many lists are made in a pass.
 */
export function openSearchHelpers(
  searched: () => SearchedModel,
  { kind, users, room = roomHere() }: { readonly kind: DeviceKind; readonly users: number; readonly room?: Room },
): SearchHelpers {
  if (kind !== 'onnx-cpu' || users < MIN_USERS || helperCount(0, room) === 0) return NO_HELP;
  const model = packModel(searched());
  const length = helperCount(bytesOf(model), room);
  const workers = Array.from({ length }, () => spawnWorker<SearchProtocol>('search'));
  return {
    helpers: workers.map((worker) => helperOf(worker, worker.call({ type: 'open', model }))),
    dispose: async () => void (await Promise.all(workers.map((worker) => worker.dispose()))),
  };
}

/** @param bytes - Of the model, for each. */
function helperCount(bytes: number, { cores, memoryBytes }: Room): number {
  const count = Math.min(cores, Math.floor((memoryBytes - FIRST_BYTES) / (BYTES_PER_HELPER + bytes)));
  return count < 2 ? 0 : count;
}

function bytesOf({ weights, itemTexts }: PackedModel): number {
  const tensors = [...Object.values(weights), ...(itemTexts === null ? [] : [itemTexts])];
  return tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
}

function helperOf(worker: WorkerClient<SearchProtocol>, opened: Promise<null>): SearchHelper {
  opened.catch(() => undefined); // the first search tells of it
  return {
    candidates: async (pass, at) => {
      await opened;
      return worker.call({ type: 'candidates', pass, at });
    },
  };
}
