import { join } from 'node:path';

import { loadCheckpoint } from '../../../models/checkpoint/checkpoint';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { loadServed } from '../../../models/serving/load-served';
import { bothKinds } from '../../support/candidates';
import { listsOf, NUM_ITEMS, saveUntrained, UNTRAINED_IDS } from '../../support/little-training';
import { temporaryFolder } from '../../support/temporary-folder';

/** Nothing that may stay in its file goes to memory. */
const ALL_STORED = { table: 0, compiled: 0 };
const loadStored = (dir: string) => loadServed(dir, ALL_STORED);

const ROWS = Array.from({ length: NUM_ITEMS + 1 }, (_, row) => row);
const PAIRS = Array.from({ length: 2 * NUM_ITEMS }, (_, i) => i);
const weightsOf = (itemHead: number) =>
  bothKinds({ itemHead, neighbours: 0.5 * (1 - itemHead), decoder: 0.5 * (1 - itemHead) }, { textWeight: 2 });
/** A model with texts and neighbours, which all count. */
const FULL = {
  weights: weightsOf(0.5),
  itemTexts: {
    shape: [NUM_ITEMS + 1, 2],
    data: Float32Array.from(ROWS.flatMap((row) => (row === 0 ? [0, 0] : [Math.cos(row), Math.sin(row)]))),
  },
  neighbours: {
    offsets: Int32Array.from(ROWS, (row) => 2 * row),
    items: Int32Array.from(PAIRS, (i) => (5 * i) % NUM_ITEMS),
    weights: Float32Array.from(PAIRS, (i) => 1 / (1 + i)),
  },
};

const root = temporaryFolder();
let dir: string;
let device: Device;

beforeAll(async () => {
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  dir = join(root, 'full');
  await saveUntrained(device, dir, FULL);
});

afterAll(() => device.dispose());

describe('loadServed', () => {
  it('puts small tensors on memory that threads share', async () => {
    const { tensors, documents, stored } = await loadServed(dir);
    expect({ tensors, documents }).toEqual(await loadCheckpoint(dir));
    expect(stored).toBeUndefined();
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

  it.each([0, 0.999])('makes the same lists from files as from memory, with a share of %d', async (itemHead) => {
    const shared = join(root, `share-${itemHead}`);
    await saveUntrained(device, shared, { ...FULL, weights: weightsOf(itemHead) });
    const lists = (load: typeof loadCheckpoint) =>
      listsOf(device, shared, UNTRAINED_IDS, [[4, 9], [1, 2, 3], [20]], { first: NUM_ITEMS }, load); // prettier-ignore
    const stored = await lists(loadStored);
    expect(stored).toEqual(await lists(loadCheckpoint));
    expect(stored[0].length).toBeGreaterThan(10);
  });
});
