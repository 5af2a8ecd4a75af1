/** Worker thread that holds the live model with its trie and makes lists, so that the event loop stays free. */
import { workerData } from 'node:worker_threads';

import { LRUCache } from 'lru-cache';

import type { Checkpoint } from '../../models/checkpoint/checkpoint';
import { openDevice } from '../../models/compute/backends';
import { BY_SCORE } from '../../models/decoding/beam-search';
import { BeamWatch } from '../../models/decoding/beam-watch';
import type { Recommendation } from '../../models/decoding/mixture';
import { AllowMask } from '../../models/decoding/restricted-trie';
import { SteeredRanking } from '../../models/decoding/steering';
import { Rows } from '../../models/math/rows';
import { loadServed } from '../../models/serving/load-served';
import { openTiger } from '../../models/serving/open-tiger';
import type { Tiger } from '../../models/serving/tiger-model';
import type { TigerRequest } from '../../models/serving/tiger-request';
import type { TextSpace } from '../../models/text/text-space';
import { openOnce } from '../waiting/promises';
import { type HeldModel, LiveCodes, LiveModel } from './held-model';
import { LESSER_PRIORITY, lowerThreadPriority } from './machine-share';
import type { AllowList, RecommendOne, DecodeProtocol, DecodeWorkerData, TextDirectionsRequest } from './messages';
import { serveWorker } from './serve-worker';

class NoLiveModelError extends Error {
  override readonly name = 'NoLiveModelError';
}

/** How many filters, and boosts of placements, have a mask that is kept. */
const MAX_MASKS = 128;
/** The items of these filters: with its counts a mask takes some bytes for each. */
const MAX_MASKED_ITEMS = 2 ** 24;

const { backend, threads } = workerData as DecodeWorkerData;
const device = openOnce(() => openDevice({ backend, threads: 1 }));
const live = new LiveModel<Tiger>();
/** A model that is to go live: it has no codes yet. */
let prepared: { readonly modelVersionId: number; readonly model: Tiger } | null = null;
/** Keyed by the allow list's id. */
const masks = new LRUCache<number, AllowMask>({ max: MAX_MASKS, maxSize: MAX_MASKED_ITEMS });

lowerThreadPriority(LESSER_PRIORITY); // who is refused hears it at once, and not after the batches of the others
serveWorker<DecodeProtocol>({
  read: ({ checkpointDir }) => loadServed(checkpointDir),
  prepare: async ({ modelVersionId, checkpoint, checkpointDir }) => {
    const model = await openWeights(checkpoint, checkpointDir);
    await orDispose(model, () => model.compile());
    prepared?.model.disposeWhenIdle();
    prepared = { modelVersionId, model };
    return null;
  },
  load: async (request) => {
    live.replace(await openModel(request)); // lists are made meanwhile
    return null;
  },
  apply: (request) => {
    live.apply(request);
    return null;
  },
  recommend: async ({ users }) => {
    const { model, codes, modelVersionId, catalogueVersion } = requireLive();
    const from = now();
    const watches = users.map((user) => watchOf(user, codes));
    const requests = users.map((user, i) => ({ ...toRequest(user, codes), ranking: watches[i] }));
    const lists = await listsOf(requests, model, codes);
    const made = lists.map((recommendations, i) => {
      const dropped = watches[i]?.dropped() ?? undefined;
      return { modelVersionId, catalogueVersion, recommendations, dropped };
    });
    return { lists: made, from, to: now() };
  },
  'text-directions': ({ items }) => {
    const {
      model: { texts },
      modelVersionId,
    } = requireLive();
    return texts === null ? null : { modelVersionId, directions: directionsOf(items, texts) };
  },
  'near-texts': ({ vectors, size }) => {
    const { model, codes } = requireLive();
    return model.nearTexts(vectors, size, codes);
  },
});

const now = () => performance.timeOrigin + performance.now();

async function openModel(request: DecodeProtocol['load']['request']): Promise<HeldModel<Tiger>> {
  const { modelVersionId, tokenizerId, catalogueVersion, checkpoint, checkpointDir } = request;
  const model = takePrepared(modelVersionId) ?? (await openWeights(checkpoint, checkpointDir));
  return orDispose(model, async () => {
    const codes = LiveCodes.build(request.table, request.live, model.codebookSize);
    await model.warmUp(codes);
    return { modelVersionId, tokenizerId, catalogueVersion, model, codes };
  });
}

/** A model that does not get ready leaves no files open. */
async function orDispose<T>(model: Tiger, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    model.disposeWhenIdle();
    throw error;
  }
}

async function openWeights(checkpoint: Checkpoint, checkpointDir: string): Promise<Tiger> {
  return openTiger(checkpoint, checkpointDir, { device: await device(), threads });
}

/** @returns The model that was prepared for this version; it is nobody else's from now on. */
function takePrepared(modelVersionId: number): Tiger | null {
  if (prepared?.modelVersionId !== modelVersionId) return null;
  const { model } = prepared;
  prepared = null;
  return model;
}

/** A history of items without codes says nothing to the model: its list is empty, and popular items fill it, as for an empty history. */
async function listsOf(requests: readonly TigerRequest[], model: Tiger, codes: LiveCodes): Promise<Recommendation[][]> {
  const hasHistory = ({ history }: TigerRequest) => history.length > 0;
  const lists = await model.recommend(requests.filter(hasHistory), codes);
  return requests.map((request) => (hasHistory(request) ? lists.shift()! : []));
}

function watchOf({ watched, first, beamWidth, shelves }: RecommendOne, codes: LiveCodes): BeamWatch | undefined {
  const ofItem = watched === undefined ? null : codes.get(watched);
  if (ofItem === null) return undefined;
  return new BeamWatch(shelves ? new SteeredRanking(shelves) : BY_SCORE, ofItem, Math.max(first, beamWidth));
}

function toRequest(user: RecommendOne, codes: LiveCodes): TigerRequest {
  const { history: itemIds, times, kinds, counts, ...settings } = user;
  const boosts = settings.boosts?.map(({ items, factor }) => ({ itemIds: items.itemIds, mask: maskOf(items), factor }));
  const history = itemIds.flatMap((itemId, i) => {
    const ofItem = codes.get(itemId);
    return ofItem === null ? [] : [{ itemId, codes: ofItem, kind: kinds[i], count: counts[i], at: times[i] }];
  });
  return { ...settings, boosts, history, view: restricted(user, codes) };
}

function directionsOf(items: TextDirectionsRequest['items'], texts: TextSpace): Map<number, Float32Array> {
  const readable = items.filter(({ vector }) => vector.length === texts.dims);
  const vectors = new Rows(new Float32Array(readable.length * texts.dims), texts.dims);
  readable.forEach(({ vector }, row) => vectors.set(row, vector));
  const directions = new Rows(texts.directions(vectors.values), texts.size);
  return new Map(readable.map(({ itemId }, row) => [itemId, directions.row(row).slice()]));
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
  masks.set(id, mask, { size: 1 + itemIds.length });
  return mask;
}

function requireLive(): HeldModel<Tiger> {
  const { held } = live;
  if (held === null) throw new NoLiveModelError('recommend: expected a loaded model, got none');
  return held;
}
