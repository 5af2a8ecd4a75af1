import { join } from 'node:path';

import { loadCheckpoint, saveCheckpoint } from '../../../models/checkpoint/checkpoint';
import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import { bothKinds } from '../../support/candidates';
import { listsOf, NUM_ITEMS, saveUntrained, UNTRAINED_IDS } from '../../support/little-training';
import { loadTiger } from '../../support/load-tiger';
import { temporaryFolder } from '../../support/temporary-folder';

const root = temporaryFolder();
let device: Device;
let whole: string;

beforeAll(async () => {
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  whole = join(root, 'whole');
  await saveUntrained(device, whole);
});

afterAll(() => device.dispose());

describe('openTiger', () => {
  it('reads the texts and their weight', async () => {
    const data = new Float32Array((NUM_ITEMS + 1) * 2);
    for (const row of [1 + 4, 1 + 20]) data[2 * row] = 1; // the texts of items 4 and 20 are equal
    const itemTexts = { shape: [NUM_ITEMS + 1, 2], data };
    const firstUnder = async (textWeight: number) => {
      const dir = join(root, `texts-${textWeight}`);
      await saveUntrained(device, dir, { itemTexts, weights: bothKinds({ itemHead: 1 }, { textWeight }) });
      const [list] = await listsOf(device, dir, UNTRAINED_IDS, [[4]], { first: 2 });
      return new Set(list.map(({ itemId }) => itemId));
    };
    expect(await firstUnder(50)).toEqual(new Set([4, 20]));
    expect(await firstUnder(0)).not.toEqual(new Set([4, 20]));
  });

  it('reads the neighbours, the popularity and their shares', async () => {
    // Item 20 is the one neighbour of item 4, and all are as popular.
    const neighbours = {
      offsets: Int32Array.from({ length: NUM_ITEMS + 1 }, (_, i) => (i > 4 ? 1 : 0)),
      items: Int32Array.of(20),
      weights: Float32Array.of(1),
    };
    const dir = join(root, 'neighbours');
    await saveUntrained(device, dir, { neighbours, weights: bothKinds({ neighbours: 0.9, popularity: 0.1 }) });
    const [[first, second]] = await listsOf(device, dir, UNTRAINED_IDS, [[4]], { first: NUM_ITEMS });
    expect(first).toMatchObject({ itemId: 20, score: expect.closeTo(Math.log(0.9 + 0.1 / NUM_ITEMS), 5) });
    expect(second.score).toBeCloseTo(Math.log(0.1 / NUM_ITEMS), 5);
  });

  it.each(['weights', 'item-neighbours', 'popularity'])(
    'refuses a checkpoint whose manifest names no %s',
    async (part) => {
      const { tensors, documents } = await loadCheckpoint(whole);
      const others = Object.fromEntries(Object.entries(tensors).filter(([name]) => name !== part));
      await saveCheckpoint(join(root, part), { tensors: others, documents });
      await expect(loadTiger(join(root, part), device)).rejects.toThrow(`expected ${part} in the manifest, got none`);
    },
  );
});
