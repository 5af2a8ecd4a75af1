import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { presetConfig } from '../../models/config';
import { createRandom } from '../../models/math/random';
import {
  CheckpointError,
  fitTiger,
  loadTiger,
  loadTokenizer,
  openDevice,
  Trie,
  type Device,
  type FitProgress,
  type FitResult,
  type SemanticId,
  type TigerRequest,
} from '../../models/tiger';
import { walkingLog } from '../support/little-log';

const NUM_ITEMS = 24;
const DIMS = 12;
const LOG = walkingLog(30, 8, NUM_ITEMS);

function vectors(): Float32Array {
  const random = createRandom(5);
  return Float32Array.from(
    { length: NUM_ITEMS * DIMS },
    (_, i) => (i % 4 === Math.floor(i / DIMS) % 4 ? 1 : 0) + 0.3 * random.normal(),
  );
}

let root: string;
let device: Device;
let fitted: FitResult;
const phases = new Set<string>();

async function fit(
  name: string,
  changes: {
    presentIds?: (SemanticId | null)[];
    signal?: AbortSignal;
    onProgress?: (progress: FitProgress) => void;
  } = {},
) {
  return fitTiger({
    config: presetConfig('tiny'),
    itemIds: Int32Array.from({ length: NUM_ITEMS }, (_, row) => row),
    log: LOG,
    vectors: vectors(),
    dims: DIMS,
    categories: [Int32Array.from({ length: NUM_ITEMS }, (_, row) => row % 4)],
    experiment: { withheld: new Int32Array(0), hasDiversity: false },
    tokenizer: null,
    presentIds: null,
    device,
    jobDir: join(root, name),
    onProgress: () => undefined,
    onWarning: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  });
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tigerql-tiger-'));
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  fitted = await fit('whole', { onProgress: ({ phase }) => phases.add(phase) });
}, 60_000);

afterAll(async () => {
  device.dispose();
  await rm(root, { recursive: true });
});

function trieOf(ids: readonly SemanticId[], width: number): Trie {
  return Trie.build({ depth: 3, width, itemIds: Int32Array.from(ids.keys()), codes: Int32Array.from(ids.flat()) });
}

async function listsOf(
  checkpointDir: string,
  ids: readonly SemanticId[],
  histories: readonly number[][],
  changes: Partial<TigerRequest> = {},
) {
  const tiger = await loadTiger(checkpointDir, device);
  const trie = trieOf(ids, tiger.width);
  const requests = histories.map((history) => ({
    userKey: 'someone',
    history: history.map((itemId) => ({ itemId, codes: ids[itemId] })),
    first: 5,
    beamWidth: 20,
    temperature: 0,
    seed: 0,
    view: trie,
    ...changes,
  }));
  const lists = await tiger.recommend(requests, { trie, get: (itemId) => ids[itemId] });
  tiger.disposeWhenIdle();
  return lists;
}

describe('fitTiger', () => {
  it('goes through its phases and leaves metrics with the floors beside them', () => {
    expect([...phases]).toEqual(['TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', 'EVALUATION', 'DONE']);
    const names = fitted.metrics.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['ndcg@10', 'recall@5', 'floor.markov.mrr', 'codebook.0.use', 'collision.rate']),
    );
  });

  it('measures the lists of what is served and of each head, and lists with seen items in them', () => {
    const value = (name: string) => fitted.metrics.find((metric) => metric.name === name)?.value ?? NaN;
    for (const whose of ['', 'decoder.', 'item-head.']) {
      expect(value(`${whose}coverage@10`)).toBeGreaterThan(0.3);
      // Items are bought about equally often: an item's share is near 1/24, whose −log₂ is 4.6.
      expect(value(`${whose}novelty@10`)).toBeCloseTo(4.6, 0);
      expect(value(`${whose}entropy@50`)).toBeGreaterThan(1); // of ln 4 = 1.39 at most
      expect(value(`${whose}cold-start.users`)).toBe(0);
    }
    // Users walk on through the items: what they have seen is never what comes next, and takes up places.
    expect(value('seen-kept.recall@10')).toBeLessThanOrEqual(value('recall@10'));
    expect(value('floor.content-knn.recall@20')).toBeGreaterThan(0);
  });

  it('gives every item an ID of its own', () => {
    expect(new Set(fitted.semanticIds.map((id) => id.join())).size).toBe(NUM_ITEMS);
  });

  it('comes to the same model from the same seed', async () => {
    const again = await fit('again');
    expect(again.semanticIds).toEqual(fitted.semanticIds);
    const weights = (dir: string) => readFile(join(dir, 'weights.safetensors'));
    expect(await weights(again.checkpointDir)).toEqual(await weights(fitted.checkpointDir));
  }, 60_000);

  it.each(['TOKENIZER', 'SEQ2SEQ'])(
    'goes on after a stop in phase %s to the same model',
    async (phase) => {
      const stop = new AbortController();
      const name = `stopped-${phase}`;
      const onProgress = (progress: FitProgress) =>
        progress.phase === phase && progress.step > 3 && stop.abort(new Error('stopped'));
      await expect(fit(name, { signal: stop.signal, onProgress })).rejects.toThrow('stopped');
      const resumed = await fit(name);
      const weights = (dir: string) => readFile(join(dir, 'weights.safetensors'));
      expect(await weights(resumed.checkpointDir)).toEqual(await weights(fitted.checkpointDir));
    },
    60_000,
  );
});

describe('loadTiger', () => {
  it('gives equal lists to equal histories, alone or in a batch', async () => {
    const histories = [[0, 1, 2], [7], [3, 9, 10, 11, 12, 13, 14, 15]];
    const together = await listsOf(fitted.checkpointDir, fitted.semanticIds, histories);
    for (const [i, history] of histories.entries()) {
      const [alone] = await listsOf(fitted.checkpointDir, fitted.semanticIds, [history]);
      expect(alone.map(({ itemId }) => itemId)).toEqual(together[i].map(({ itemId }) => itemId));
      alone.forEach(({ score }, rank) => expect(score).toBeCloseTo(together[i][rank].score, 4));
    }
  });

  it('writes only items that exist, best first, each once', async () => {
    const [list] = await listsOf(fitted.checkpointDir, fitted.semanticIds, [[1, 2, 3]], { first: 20 });
    expect(list).toHaveLength(20);
    expect(new Set(list.map(({ itemId }) => itemId)).size).toBe(20);
    for (const { itemId, decoderScore, codes } of list)
      expect(codes).toEqual(decoderScore === null ? [] : fitted.semanticIds[itemId]);
    expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).sort((a, b) => b - a));
  });

  it('samples the same list under the same seed, and another under another', async () => {
    const sample = async (seed: number) =>
      (await listsOf(fitted.checkpointDir, fitted.semanticIds, [[1, 2, 3]], { temperature: 2, seed }))[0].map(
        ({ itemId }) => itemId,
      );
    expect(await sample(4)).toEqual(await sample(4));
    const lists = await Promise.all([1, 2, 3].map(sample));
    expect(new Set(lists.map((list) => list.join())).size).toBeGreaterThan(1);
  });

  it('refuses a damaged checkpoint by name, and one that is not there', async () => {
    const dir = join(root, 'again', 'checkpoint');
    const path = join(dir, 'weights.safetensors');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(path, bytes);
    await expect(loadTiger(dir, device)).rejects.toThrow(/weights\.safetensors: expected SHA-256/);
    await expect(loadTiger(join(root, 'nowhere'), device)).rejects.toThrow(CheckpointError);
  });
});

describe('loadTokenizer', () => {
  it('gives items the codes that they were trained with', async () => {
    const tokenizer = await loadTokenizer(fitted.checkpointDir);
    const codes = tokenizer.assign(vectors(), DIMS);
    expect([...codes]).toEqual(fitted.semanticIds.flatMap((id) => id.slice(0, 2)));
  });
});
