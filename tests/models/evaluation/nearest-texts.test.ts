import { openDevice } from '../../../models/compute/backends';
import type { Device } from '../../../models/compute/device';
import type { NearItem } from '../../../models/decoding/cold-items';
import { NearestTexts } from '../../../models/evaluation/nearest-texts';
import { caseOf } from '../../support/little-log';

let device: Device;
let nearest: NearestTexts;

const ANGLES = [0, 10, 90, 180, 270];
const COSINES = ANGLES.map((a) => ANGLES.map((b) => Math.cos(((a - b) * Math.PI) / 180)));

beforeAll(async () => {
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  const directions = ANGLES.flatMap((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]);
  nearest = new NearestTexts(device, Float32Array.from(directions), 2);
});

afterAll(() => {
  nearest.dispose();
  device.dispose();
});

const WATCH = { signal: new AbortController().signal };
const idsOf = (list: readonly NearItem[]) => list.map(({ itemId }) => itemId);

describe('NearestTexts', () => {
  it('ranks by the angle, and says its cosine', async () => {
    const [ofFirst, ofThird] = await nearest.rank([caseOf([0]), caseOf([2])], 4, WATCH);
    expect(ofFirst[0]).toEqual({ itemId: 1, nearness: expect.closeTo(COSINES[0][1], 6) });
    expect([idsOf(ofThird)[0], idsOf(ofThird)[3]]).toEqual([1, 4]); // between them two at right angles
  });

  it('keeps to the items that are asked for', async () => {
    const [list] = await nearest.rank([caseOf([0])], 3, WATCH, Int32Array.of(0, 3, 4));
    expect(idsOf(list)).toEqual([4, 3]);
  });
});
