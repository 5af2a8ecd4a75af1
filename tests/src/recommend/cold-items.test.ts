import { ColdItems, eligibleColdItems } from '../../../src/recommend/cold-items';
import { writeVectors } from '../../../src/storage/item-rows';
import type { RecommendOne, TextDirectionsRequest } from '../../../src/workers/messages';
import { useTestDatabase } from '../../support/database';

const opened = useTestDatabase();

/** Vectors are angles in degrees: the directions that the fake model makes of them. */
const ANGLES = new Map([
  [1, 0],
  [2, 90],
  [3, 10],
  [4, 80],
  [5, 45],
]);

beforeAll(async () => {
  await opened.database.write(async (transaction) => {
    for (const id of ANGLES.keys())
      await transaction.item.create({
        data: { id, externalId: `i${id}`, title: '', sortTitle: '', categories: [], attributes: {} },
      });
  });
  await store(...ANGLES);
});

const store = (...angles: (readonly [number, number])[]) =>
  opened.database.write((transaction) =>
    writeVectors(
      transaction,
      angles.map(([itemId, angle]) => ({ itemId, encoder: 'angle', dims: 1, vector: Float32Array.of(angle) })),
    ),
  );

class FakeLive {
  modelVersionId: number | null = 7;
  knowsTexts = true;
  readonly asked: number[][] = [];

  textDirections(items: TextDirectionsRequest['items']) {
    this.asked.push(items.map(({ itemId }) => itemId));
    if (!this.knowsTexts || this.modelVersionId === null) return Promise.resolve(null);
    const radians = (angle: number) => (angle * Math.PI) / 180;
    const direction = (angle: number) => Float32Array.of(Math.cos(radians(angle)), Math.sin(radians(angle)));
    const directions = new Map(items.map(({ itemId, vector }) => [itemId, direction(vector[0])]));
    return Promise.resolve({ modelVersionId: this.modelVersionId, directions });
  }
}

function open() {
  const live = new FakeLive();
  const coldItems = new ColdItems(opened.database.read, live);
  const nearest = async (history: number[], itemIds = [3, 4, 5]) =>
    (await coldItems.nearest(history, Int32Array.from(itemIds), itemIds.length))?.map(({ itemId }) => itemId) ?? null;
  return { live, coldItems, nearest };
}

describe('ColdItems', () => {
  it('gives those nearest to the history, the newest item of which weighs most', async () => {
    const { nearest } = open();
    expect(await nearest([1])).toEqual([3, 5, 4]);
    expect(await nearest([2])).toEqual([4, 5, 3]);
    expect(await nearest([2, 1])).toEqual([5, 3, 4]);
    expect(await nearest([2, 2, 1])).toEqual([5, 4, 3]); // what was bought twice counts twice
  });

  it('keeps directions, and asks again for those that a change has touched or another model reads', async () => {
    const { live, coldItems, nearest } = open();
    await Promise.all([nearest([1]), nearest([1])]);
    expect(live.asked.filter((items) => items.length === 3)).toHaveLength(1);
    await store([3, 95]);
    expect((await nearest([2]))?.[0]).toBe(4); // nobody has said so yet
    coldItems.follow({ itemIds: [3] });
    expect((await nearest([2]))?.[0]).toBe(3);
    live.modelVersionId = 8;
    live.asked.length = 0;
    await nearest([2]);
    expect(live.asked[0]).toEqual([3, 4, 5]);
    await store([3, 10]);
  });
});

describe('eligibleColdItems', () => {
  it('has the newest 2,000 that the request allows', () => {
    const cold = Int32Array.from({ length: 5_000 }, (_, i) => 2 * i);
    const asked = (allow: number[] | null, ...deny: number[]) => {
      const allowed = allow && { id: null, itemIds: Int32Array.from(allow) };
      return [...eligibleColdItems(cold, { allow: allowed, deny: Int32Array.from(deny) } as RecommendOne)];
    };
    expect(asked([1, 4, 8, 9, 9_998], 8)).toEqual([4, 9_998]);
    const newest = asked(null, 9_996);
    expect([newest.length, newest[0], ...newest.slice(-2)]).toEqual([2_000, 5_998, 9_994, 9_998]);
  });
});
