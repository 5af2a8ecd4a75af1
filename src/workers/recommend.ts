/** Worker thread that holds the live model with its trie and makes lists, so that the event loop stays free. */
import { workerData } from 'node:worker_threads';

import { Mutex } from 'async-mutex';
import { LRUCache } from 'lru-cache';

import { openDevice } from '../../models/compute/backends';
import type { Device } from '../../models/compute/device';
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
  PrepareModelRequest,
  RecommendOne,
  RecommendProtocol,
  RecommendWorkerData,
  TextDirectionsRequest,
} from './messages';
import { serveWorker } from './serve-worker';

class NoLiveModelError extends Error {
  override readonly name = 'NoLiveModelError';
}

/** How many filters have a mask that is kept. */
const MAX_MASKS = 32;

const { backend } = workerData as RecommendWorkerData;
let device: Promise<Device> | null = null;
const held = new HeldModels<Tiger>();
/** Loads run one after another; lists are made meanwhile. */
const loads = new Mutex();
/** A model that is to become live: its files are read, and it has no codes yet. */
let prepared: { readonly modelVersionId: number; readonly model: Tiger } | null = null;
/** Changes that arrived while a model is being loaded; null when none is being loaded. */
let missed: ApplyChangesRequest[] | null = null;
/** By the allow list's id. */
const masks = new LRUCache<number, AllowMask>({ max: MAX_MASKS });

serveWorker<RecommendProtocol>({
  prepare: (request) => loads.runExclusive(() => prepareModel(request)),
  load: (request) => loads.runExclusive(() => loadModel(request)),
  resume: (request) => loads.runExclusive(() => ({ isResumed: held.resume(request) })),
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
    return { lists: lists.map((recommendations) => ({ modelVersionId, catalogueVersion, recommendations })) };
  },
  'text-directions': ({ items }) => {
    const {
      model: { texts },
      modelVersionId,
    } = requireLive();
    return texts === null ? null : { modelVersionId, directions: directionsOf(items, texts) };
  },
});

async function prepareModel({ modelVersionId, checkpointDir }: PrepareModelRequest): Promise<null> {
  if (held.has(modelVersionId) || prepared?.modelVersionId === modelVersionId) return null;
  const model = await readModel(checkpointDir);
  prepared?.model.disposeWhenIdle();
  prepared = { modelVersionId, model };
  return null;
}

async function readModel(checkpointDir: string): Promise<Tiger> {
  device ??= openDevice({ backend, threads: 1 });
  return loadTiger(checkpointDir, await device);
}

/** @returns The model that was prepared for this version; it is nobody else's from now on. */
function takePrepared(modelVersionId: number): Tiger | null {
  if (prepared?.modelVersionId !== modelVersionId) return null;
  const { model } = prepared;
  prepared = null;
  return model;
}

async function loadModel(request: LoadModelRequest): Promise<{ device: string }> {
  const { modelVersionId, tokenizerId, catalogueVersion } = request;
  const later: ApplyChangesRequest[] = (missed = []);
  try {
    const model = takePrepared(modelVersionId) ?? (await readModel(request.checkpointDir));
    const codes = LiveCodes.build(request.table, request.live, model.width);
    await model.warmUp(codes);
    const fresh = { modelVersionId, tokenizerId, catalogueVersion, model, codes };
    const unknown = later.filter((change) => change.catalogueVersion > catalogueVersion);
    held.swapIn(unknown.reduce<HeldModel<Tiger>>(withChanges, fresh));
    return { device: (await device!).description };
  } finally {
    missed = null;
  }
}

function toRequest(user: RecommendOne, codes: LiveCodes): TigerRequest {
  const { userKey, first, beamWidth, temperature, seed } = user;
  const history = user.history.flatMap((itemId) => {
    const ofItem = codes.get(itemId);
    return ofItem === null ? [] : [{ itemId, codes: ofItem }];
  });
  return { userKey, history, first, beamWidth, temperature, seed, view: restricted(user, codes) };
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

/** Keeps masks, since each counts a branch of the trie once, and a change of the catalogue leaves most branches as they are. */
function maskOf({ id, itemIds }: AllowList): AllowMask {
  if (id === null) return new AllowMask(itemIds);
  const mask = masks.get(id) ?? new AllowMask(itemIds);
  masks.set(id, mask);
  return mask;
}

function requireLive(): HeldModel<Tiger> {
  const { live } = held;
  if (live === null) throw new NoLiveModelError('recommend: expected a loaded model, got none');
  return live;
}
