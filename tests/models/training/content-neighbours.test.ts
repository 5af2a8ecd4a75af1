import { openDevice, type Device } from '../../../models/tiger';
import { ContentNeighbours } from '../../../models/training/content-neighbours';

let device: Device;
let neighbours: ContentNeighbours;

// Around their mean (1, 1) the items lie at 0°, 10°, 90°, 180° and 270°.
const ANGLES = [0, 10, 90, 180, 270];
const COSINES = ANGLES.map((a) => ANGLES.map((b) => Math.cos(((a - b) * Math.PI) / 180)));

beforeAll(async () => {
  device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  const radius = [1, 1, 2, 1.9848, 2.17365]; // such that they sum to nothing
  const vectors = ANGLES.flatMap((angle, i) => [
    1 + radius[i] * Math.cos((angle * Math.PI) / 180),
    1 + radius[i] * Math.sin((angle * Math.PI) / 180),
  ]);
  neighbours = new ContentNeighbours(device, Float32Array.from(vectors), 2);
});

afterAll(() => {
  neighbours.dispose();
  device.dispose();
});

const caseOf = (...history: number[]) => ({ user: 0, history: Int32Array.from(history), targets: Int32Array.of() });

describe('ContentNeighbours', () => {
  it('ranks by the angle around the mean, whatever the distance', async () => {
    const [ofFirst, ofThird] = await neighbours.rank([caseOf(0), caseOf(2)], 4);
    expect(ofFirst[0]).toBe(1);
    expect([ofThird[0], ofThird[3]]).toEqual([1, 4]); // between them two at right angles
  });

  it('weighs the history’s last items most', async () => {
    const [list] = await neighbours.rank([caseOf(2, 0)], 5);
    const score = (item: number) => COSINES[0][item] + 0.7 * COSINES[2][item];
    expect(list).toEqual([1, 3, 4].sort((a, b) => score(b) - score(a)));
  });

  it('keeps to the items that are asked for', async () => {
    expect(await neighbours.rank([caseOf(0)], 3, Int32Array.of(0, 3, 4))).toEqual([[4, 3]]);
  });
});
