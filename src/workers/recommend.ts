/** Worker thread: holds the live model with its trie and answers recommendations, so that the event loop stays free. */
import { workerData } from 'node:worker_threads';
import {
  AllowMask,
  openDevice,
  loadTiger,
  SemanticIdTable,
  Trie,
  type Device,
  type Tiger,
  type TigerRequest,
} from '../../models/tiger';
import type {
  ApplyChangesRequest,
  LoadModelRequest,
  RecommendOne,
  RecommendProtocol,
  RecommendWorkerData,
} from './messages';
import { serveWorker } from './serve-worker';

/** What makes a list: one model, one trie, one version each. Replaced as a whole, never changed. */
interface Live {
  readonly modelVersionId: number;
  readonly catalogueVersion: number;
  readonly tiger: Tiger;
  readonly trie: Trie;
  /** Codes of removed items too: histories still read them. */
  readonly table: SemanticIdTable;
}

class NoLiveModelError extends Error {
  override readonly name = 'NoLiveModelError';
}

const { backend } = workerData as RecommendWorkerData;
let device: Promise<Device> | null = null;
let live: Live | null = null;
let loads: Promise<unknown> = Promise.resolve();
/** Changes that came while a model was being loaded. */
let missed: ApplyChangesRequest[] = [];

serveWorker<RecommendProtocol>({
  load: (request) => {
    const load = loads.then(() => loadModel(request));
    loads = load.catch(() => undefined);
    return load;
  },
  apply: (request) => {
    missed.push(request);
    if (live !== null) live = withChanges(live, request);
    return null;
  },
  recommend: async ({ users }) => {
    const { tiger, trie, table, modelVersionId, catalogueVersion } = requireLive();
    const masks = new Map<Int32Array, AllowMask>();
    const lists = await tiger.recommend(
      users.map((user) => toRequest(user, trie, table, masks)),
      trie,
    );
    return { modelVersionId, catalogueVersion, lists };
  },
});

async function loadModel(request: LoadModelRequest): Promise<{ device: string }> {
  missed = [];
  device ??= openDevice({ backend, threads: 1 });
  const tiger = await loadTiger(request.checkpointDir, await device);
  const { table: rows, live: isLive, modelVersionId, catalogueVersion } = request;
  const table = SemanticIdTable.fromRows(rows.depth, rows.itemIds, rows.codes);
  const trie = Trie.build({ depth: rows.depth, width: tiger.width, ...onlyLive(request, isLive) });
  const fresh = { modelVersionId, catalogueVersion, tiger, trie, table };
  await tiger.warmUp(trie);
  const former = live;
  live = missed.filter((change) => change.catalogueVersion > catalogueVersion).reduce(withChanges, fresh);
  if (former !== null && former.tiger !== tiger) former.tiger.disposeWhenIdle();
  return { device: (await device).description };
}

function onlyLive({ table }: LoadModelRequest, isLive: Uint8Array): { itemIds: Int32Array; codes: Int32Array } {
  const rows = Array.from(table.itemIds.keys()).filter((row) => isLive[row] === 1);
  const codes = new Int32Array(rows.length * table.depth);
  rows.forEach((row, i) =>
    codes.set(table.codes.subarray(row * table.depth, (row + 1) * table.depth), i * table.depth),
  );
  return { itemIds: Int32Array.from(rows, (row) => table.itemIds[row]), codes };
}

/** The trie is copied where it changes; the table may be shared, since a history reads an item's latest codes. */
function withChanges(current: Live, { changes, catalogueVersion }: ApplyChangesRequest): Live {
  const { trie, table } = current;
  const edits = changes.map(({ itemId, codes }) => ({
    itemId,
    before: presentCodes(trie, table, itemId),
    after: codes,
  }));
  const changed = trie.with(edits.filter(({ before, after }) => before !== null || after !== null));
  for (const { itemId, codes } of changes) if (codes !== null) table.set(itemId, codes);
  return { ...current, trie: changed, catalogueVersion };
}

/** Codes under which the trie has the item; null when it has not. */
function presentCodes(trie: Trie, table: SemanticIdTable, itemId: number): readonly number[] | null {
  const codes = table.get(itemId);
  const leaf = codes && trie.find(codes);
  return leaf && trie.item(leaf) === itemId ? codes : null;
}

function toRequest(
  user: RecommendOne,
  trie: Trie,
  table: SemanticIdTable,
  masks: Map<Int32Array, AllowMask>,
): TigerRequest {
  const { userKey, first, beamSize, temperature, seed } = user;
  const history = user.history.map((itemId) => table.get(itemId)).filter((codes) => codes !== null);
  return { userKey, history, first, beamSize, temperature, seed, view: restricted(user, trie, table, masks) };
}

function restricted(
  { allow, deny }: RecommendOne,
  trie: Trie,
  table: SemanticIdTable,
  masks: Map<Int32Array, AllowMask>,
) {
  if (allow === null && deny.length === 0) return trie;
  const known = deny.filter((itemId) => table.get(itemId) !== null);
  const codes = Int32Array.from([...known].flatMap((itemId) => table.get(itemId) ?? []));
  return trie.restrict({ allow: allow === null ? undefined : maskOf(allow, masks), deny: { itemIds: known, codes } });
}

function maskOf(allow: Int32Array, masks: Map<Int32Array, AllowMask>): AllowMask {
  const mask = masks.get(allow) ?? new AllowMask(allow);
  masks.set(allow, mask);
  return mask;
}

function requireLive(): Live {
  if (live === null) throw new NoLiveModelError('recommend: expected a loaded model, got none');
  return live;
}
