import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadCheckpoint, saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { listsOf, NUM_ITEMS, saveUntrained, UNTRAINED_IDS } from '../../support/little-training';
import { loadTiger } from '../../support/load-tiger';

let root: string;
let device: Device;
let whole: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tigerql-load-'));
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  whole = join(root, 'whole');
  await saveUntrained(device, whole);
});

afterAll(async () => {
  device.dispose();
  await rm(root, { recursive: true });
});

describe('openTiger', () => {
  it('reads the text half of the item head and its weight', async () => {
    const { tensors, documents } = await loadCheckpoint(whole);
    const data = new Float32Array((NUM_ITEMS + 1) * 2);
    for (const row of [1 + 4, 1 + 20]) data[2 * row] = 1; // the texts of items 4 and 20 are equal
    const withTexts = { ...tensors, 'item-texts': { directions: { shape: [NUM_ITEMS + 1, 2], data } } };
    const firstUnder = async (textWeight: number) => {
      const dir = join(root, `texts-${textWeight}`);
      const fusion = { itemHeadShare: 0.999, textWeight };
      await saveCheckpoint(dir, { tensors: withTexts, documents: { ...documents, fusion } });
      const [list] = await listsOf(device, dir, UNTRAINED_IDS, [[4]], { first: 2 });
      return new Set(list.map(({ itemId }) => itemId));
    };
    expect(await firstUnder(50)).toEqual(new Set([4, 20]));
    expect(await firstUnder(0)).not.toEqual(new Set([4, 20]));
  });

  it('reads the neighbours of the item head and their share', async () => {
    const { tensors, documents } = await loadCheckpoint(whole);
    // Item 20 is the one neighbour of item 4.
    const neighbours = {
      offsets: { shape: [NUM_ITEMS + 1], data: Int32Array.from({ length: NUM_ITEMS + 1 }, (_, i) => (i > 4 ? 1 : 0)) },
      items: { shape: [1], data: Int32Array.of(20) },
      weights: { shape: [1], data: Float32Array.of(1) },
    };
    const scoreUnder = async (neighbourShare: number) => {
      const dir = join(root, `neighbours-${neighbourShare}`);
      const fusion = { itemHeadShare: 0.999, neighbourShare };
      await saveCheckpoint(dir, {
        tensors: { ...tensors, 'item-neighbours': neighbours },
        documents: { ...documents, fusion },
      });
      const [list] = await listsOf(device, dir, UNTRAINED_IDS, [[4]], { first: NUM_ITEMS });
      return Math.exp(list.find(({ itemId }) => itemId === 20)!.itemHeadScore!);
    };
    const alone = await scoreUnder(0);
    expect(await scoreUnder(0.9)).toBeCloseTo(0.9 + 0.1 * alone, 5);
  });

  it('refuses a checkpoint without a part that its weights need', async () => {
    const { tensors, documents } = await loadCheckpoint(whole);
    const rest = Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.startsWith('item-')));
    for (const [part, needing] of [
      ['item-texts', { textWeight: 0.5 }],
      ['item-neighbours', { neighbourShare: 0.5 }],
    ] as const) {
      const dir = join(root, part);
      const fusion = { itemHeadShare: 0.5, ...needing };
      await saveCheckpoint(dir, { tensors: rest, documents: { ...documents, fusion } });
      await expect(loadTiger(dir, device)).rejects.toThrow(`expected ${part} in the manifest, got none`);
    }
  });

  it('refuses a checkpoint whose manifest does not name all parts', async () => {
    const { tensors, documents } = await loadCheckpoint(whole);
    const { weights, ...others } = tensors;
    expect(weights).toBeDefined();
    await saveCheckpoint(join(root, 'parts'), { tensors: others, documents });
    await expect(loadTiger(join(root, 'parts'), device)).rejects.toThrow('expected weights in the manifest, got none');
  });
});
