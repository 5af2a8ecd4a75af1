import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadCheckpoint, saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { loadServed } from '../../../models/serving/load-served';
import { listsOf, NUM_ITEMS, saveUntrained, UNTRAINED_IDS } from '../../support/little-training';

/** Nothing that may stay in its file goes to memory. */
const ALL_STORED = { table: 0, compiled: 0 };
const loadStored = (dir: string) => loadServed(dir, ALL_STORED);

let root: string;
let dir: string;
let device: Device;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tigerql-served-'));
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  await saveUntrained(device, join(root, 'job'));
  dir = join(root, 'full');
  await saveFull(join(root, 'job'), dir);
});

afterAll(async () => {
  device.dispose();
  await rm(root, { recursive: true });
});

describe('loadServed', () => {
  it('puts small tensors on memory that threads share', async () => {
    const { tensors, documents, stored } = await loadServed(dir);
    expect({ tensors, documents }).toEqual(await loadCheckpoint(dir));
    for (const group of Object.values(stored!)) expect(group).toEqual({});
    for (const { data } of Object.values(tensors.weights)) expect(data.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('leaves large tensors in their files, except those that are read in other ways', async () => {
    const { tensors, stored } = await loadStored(dir);
    expect(Object.keys(tensors.weights)).toEqual([]);
    expect(Object.keys(tensors['item-neighbours'])).toEqual(['offsets']);
    expect(Object.keys(stored!['item-texts'])).toEqual(['directions']);
    expect(Object.keys(tensors['semantic-ids'])).toContain('items');
    expect(structuredClone(stored)).toEqual(stored); // it crosses threads
  });

  it.each([0, 0.999])('makes the same lists from files as from memory, with a share of %d', async (itemHeadShare) => {
    const { tensors, documents } = await loadCheckpoint(dir);
    const shared = join(root, `share-${itemHeadShare}`);
    const fusion = { ...(documents.fusion as object), itemHeadShare };
    await saveCheckpoint(shared, { tensors, documents: { ...documents, fusion } });
    const lists = (load: typeof loadCheckpoint) =>
      listsOf(device, shared, UNTRAINED_IDS, [[4, 9], [1, 2, 3], [20]], { first: NUM_ITEMS }, load); // prettier-ignore
    const stored = await lists(loadStored);
    expect(stored).toEqual(await lists(loadCheckpoint));
    expect(stored[0].length).toBeGreaterThan(10);
  });
});

/** Writes the checkpoint with texts and neighbours, which all count. */
async function saveFull(from: string, to: string): Promise<void> {
  const { tensors, documents } = await loadCheckpoint(from);
  const rows = Array.from({ length: NUM_ITEMS + 1 }, (_, row) => row);
  const directions = Float32Array.from(rows.flatMap((row) => (row === 0 ? [0, 0] : [Math.cos(row), Math.sin(row)])));
  await saveCheckpoint(to, {
    tensors: {
      ...tensors,
      'item-texts': { directions: { shape: [NUM_ITEMS + 1, 2], data: directions } },
      'item-neighbours': {
        offsets: { shape: [NUM_ITEMS + 1], data: Int32Array.from(rows, (row) => 2 * row) },
        items: {
          shape: [2 * NUM_ITEMS],
          data: Int32Array.from({ length: 2 * NUM_ITEMS }, (_, i) => (5 * i) % NUM_ITEMS),
        },
        weights: { shape: [2 * NUM_ITEMS], data: Float32Array.from({ length: 2 * NUM_ITEMS }, (_, i) => 1 / (1 + i)) },
      },
    },
    documents: {
      ...documents,
      fusion: {
        textWeight: 2,
        neighbourShare: 0.4,
        neighbourDecay: 0.9,
      },
    },
  });
}
