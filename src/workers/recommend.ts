/** Worker thread: holds the live model with its trie and answers recommendations, so that the event loop stays free. */
import { workerData } from 'node:worker_threads';

import { openDevice } from '../../models/compute/backends';
import type { Device } from '../../models/compute/device';
import type { FusedItem } from '../../models/decoding/fusion';
import { AllowMask } from '../../models/decoding/restricted-trie';
import { loadTiger } from '../../models/serving/load-tiger';
import type { Tiger, TigerRequest } from '../../models/serving/tiger-model';
import type { TextSpace } from '../../models/text/text-space';
import { type HeldModel, HeldModels, withChanges } from './held-models';
import { LiveCodes } from './live-codes';
import type {
  AllowList,
  ApplyChangesRequest,
  LoadModelRequest,
  RecommendedItem,
  RecommendOne,
  RecommendProtocol,
  RecommendWorkerData,
  TextDirectionsRequest,
} from './messages';
import { serveWorker } from './serve-worker';

class NoLiveModelError extends Error {
  override readonly name = 'NoLiveModelError';
}

/** Masks of filters that are kept. */
const MAX_MASKS = 32;

const { backend } = workerData as RecommendWorkerData;
let device: Promise<Device> | null = null;
const held = new HeldModels<Tiger>();
let loads: Promise<unknown> = Promise.resolve();
/** Changes that came while a model is being loaded; null while none is. */
let missed: ApplyChangesRequest[] | null = null;
/** By the allow list's id; the one used last is last. */
const masks = new Map<number, AllowMask>();

serveWorker<RecommendProtocol>({
  load: (request) => inTurn(() => loadModel(request)),
  resume: (request) => inTurn(async () => ({ isResumed: held.resume(request) })),
  apply: (request) => {
    missed?.push(request);
    held.apply(request);
    return null;
  },
  recommend: async ({ users }) => {
    const { model, codes, modelVersionId, catalogueVersion } = requireLive();
    const lists = await model.recommend(
      users.map((user) => toRequest(user, codes)),
      codes,
    );
    return { modelVersionId, catalogueVersion, lists: lists.map((list) => list.map(toItem)) };
  },
  'text-directions': ({ items }) => {
    const {
      model: { texts },
      modelVersionId,
    } = requireLive();
    return texts === null ? null : { modelVersionId, directions: directionsOf(items, texts) };
  },
});

/** Loads come one after another; lists are made meanwhile. */
function inTurn<T>(load: () => Promise<T>): Promise<T> {
  const result = loads.then(load);
  loads = result.catch(() => undefined);
  return result;
}

async function loadModel(request: LoadModelRequest): Promise<{ device: string }> {
  const { modelVersionId, tokenizerId, catalogueVersion } = request;
  const later: ApplyChangesRequest[] = (missed = []);
  try {
    device ??= openDevice({ backend, threads: 1 });
    const model = await loadTiger(request.checkpointDir, await device);
    const codes = LiveCodes.build(request.table, request.live, model.width);
    await model.warmUp(codes);
    const fresh = { modelVersionId, tokenizerId, catalogueVersion, model, codes };
    const unknown = later.filter((change) => change.catalogueVersion > catalogueVersion);
    held.swapIn(unknown.reduce<HeldModel<Tiger>>(withChanges, fresh));
    return { device: (await device).description };
  } finally {
    missed = null;
  }
}

function toRequest(user: RecommendOne, codes: LiveCodes): TigerRequest {
  const { userKey, first, beamSize, temperature, seed } = user;
  const history = user.history.flatMap((itemId) => {
    const ofItem = codes.get(itemId);
    return ofItem === null ? [] : [{ itemId, codes: ofItem }];
  });
  return { userKey, history, first, beamSize, temperature, seed, view: restricted(user, codes) };
}

function toItem({ generated, retrieved, ...item }: FusedItem): RecommendedItem {
  const { codes, logProbabilities } = generated ?? { codes: [], logProbabilities: [] };
  return { ...item, decoderScore: generated?.score ?? null, itemHeadScore: retrieved, codes, logProbabilities };
}

function directionsOf(items: TextDirectionsRequest['items'], texts: TextSpace): Map<number, Float32Array> {
  const readable = items.filter(({ vector }) => vector.length === texts.dims);
  const vectors = new Float32Array(readable.length * texts.dims);
  readable.forEach(({ vector }, row) => vectors.set(vector, row * texts.dims));
  const directions = texts.directions(vectors);
  return new Map(
    readable.map(({ itemId }, row) => [itemId, directions.slice(row * texts.size, (row + 1) * texts.size)]),
  );
}

function restricted({ allow, deny }: RecommendOne, codes: LiveCodes) {
  if (allow === null && deny.length === 0) return codes.trie;
  const known = deny.filter((itemId) => codes.get(itemId) !== null);
  const denied = Int32Array.from([...known].flatMap((itemId) => codes.get(itemId) ?? []));
  return codes.trie.restrict({
    allow: allow === null ? undefined : maskOf(allow),
    deny: { itemIds: known, codes: denied },
  });
}

/** A mask counts each branch of the trie once, and a change of the catalogue leaves most branches as they are. */
function maskOf({ id, itemIds }: AllowList): AllowMask {
  if (id === null) return new AllowMask(itemIds);
  const mask = masks.get(id) ?? new AllowMask(itemIds);
  masks.delete(id);
  masks.set(id, mask);
  for (const oldest of masks.keys()) if (masks.size > MAX_MASKS) masks.delete(oldest);
  return mask;
}

function requireLive(): HeldModel<Tiger> {
  const { live } = held;
  if (live === null) throw new NoLiveModelError('recommend: expected a loaded model, got none');
  return live;
}
