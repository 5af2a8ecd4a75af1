/** Worker thread: holds the live model with its trie and answers recommendations, so that the event loop stays free. */
import { workerData } from 'node:worker_threads';
import { AllowMask, openDevice, loadTiger, type Device, type Tiger, type TigerRequest } from '../../models/tiger';
import { LiveCodes } from './live-codes';
import type {
  AllowList,
  ApplyChangesRequest,
  LoadModelRequest,
  RecommendOne,
  RecommendProtocol,
  RecommendWorkerData,
  ResumeModelRequest,
} from './messages';
import { serveWorker } from './serve-worker';

/** What makes a list: one model, one trie, one version each. Replaced as a whole, never changed. */
interface Live {
  readonly modelVersionId: number;
  readonly tokenizerId: number;
  readonly catalogueVersion: number;
  readonly tiger: Tiger;
  readonly codes: LiveCodes;
}

class NoLiveModelError extends Error {
  override readonly name = 'NoLiveModelError';
}

/** Masks of filters that are kept. */
const MAX_MASKS = 32;

const { backend } = workerData as RecommendWorkerData;
let device: Promise<Device> | null = null;
let live: Live | null = null;
/** The model that was live before, as it was then: the way back takes no loading. */
let former: Live | null = null;
let loads: Promise<unknown> = Promise.resolve();
/** Changes that came while a model is being loaded; null while none is. */
let missed: ApplyChangesRequest[] | null = null;
/** By the allow list's id; the one used last is last. */
const masks = new Map<number, AllowMask>();

serveWorker<RecommendProtocol>({
  load: (request) => inTurn(() => loadModel(request)),
  resume: (request) => inTurn(async () => ({ isResumed: resumeModel(request) })),
  apply: (request) => {
    missed?.push(request);
    if (live !== null) live = applied(live, request);
    return null;
  },
  recommend: async ({ users }) => {
    const { tiger, codes, modelVersionId, catalogueVersion } = requireLive();
    const lists = await tiger.recommend(
      users.map((user) => toRequest(user, codes)),
      codes.trie,
    );
    return { modelVersionId, catalogueVersion, lists };
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
  device ??= openDevice({ backend, threads: 1 });
  const tiger = await loadTiger(request.checkpointDir, await device);
  const codes = LiveCodes.build(request.table, request.live, tiger.width);
  await tiger.warmUp(codes.trie);
  const fresh = { modelVersionId, tokenizerId, catalogueVersion, tiger, codes };
  missed = null;
  swapIn(later.filter((change) => change.catalogueVersion > catalogueVersion).reduce(withChanges, fresh));
  return { device: (await device).description };
}

function resumeModel({ modelVersionId, catalogueVersion, changes }: ResumeModelRequest): boolean {
  if (live === null) return false;
  const wanted = [live, former].find((each) => each?.modelVersionId === modelVersionId);
  if (!wanted || (changes === null && wanted.tokenizerId !== live.tokenizerId)) return false;
  const codes = changes === null ? live.codes : wanted.codes.with(changes);
  swapIn({ ...wanted, codes, catalogueVersion });
  return true;
}

/** Two models are held at most: this one and the one before. */
function swapIn(next: Live): void {
  const held = [live, former];
  if (live?.modelVersionId !== next.modelVersionId) former = live;
  live = next;
  const isHeld = (tiger: Tiger) => tiger === next.tiger || tiger === former?.tiger;
  for (const model of held) if (model !== null && !isHeld(model.tiger)) model.tiger.disposeWhenIdle();
}

/** A trie that has missed a change is no good: without a model the caller loads it again. */
function applied(current: Live, request: ApplyChangesRequest): Live {
  try {
    return withChanges(current, request);
  } catch (error) {
    live = null;
    current.tiger.disposeWhenIdle();
    throw error;
  }
}

function withChanges(current: Live, { changes, catalogueVersion }: ApplyChangesRequest): Live {
  return { ...current, codes: current.codes.with(changes), catalogueVersion };
}

function toRequest(user: RecommendOne, codes: LiveCodes): TigerRequest {
  const { userKey, first, beamSize, temperature, seed } = user;
  const history = user.history.map((itemId) => codes.get(itemId)).filter((each) => each !== null);
  return { userKey, history, first, beamSize, temperature, seed, view: restricted(user, codes) };
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

function requireLive(): Live {
  if (live === null) throw new NoLiveModelError('recommend: expected a loaded model, got none');
  return live;
}
