import { inOrder } from '../../../models/math/lazy';

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function all<T>(results: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const result of results) found.push(result);
  return found;
}

describe('inOrder', () => {
  let running = 0;
  let most = 0;
  beforeEach(() => void (running = most = 0));

  /** Takes longer for smaller numbers. Fails for negative ones. */
  async function work(number: number): Promise<number> {
    most = Math.max(most, ++running);
    for (let i = 0; i < 10 - number; i++) await turn();
    running--;
    if (number < 0) throw new Error(`failed at ${number}`);
    return number * 2;
  }

  it.each([1, 2, 3, 20])('gives the results in the order of the inputs, %d at once', async (atOnce) => {
    const inputs = [1, 9, 2, 8, 3, 7, 4, 6];
    expect(await all(inOrder(inputs, atOnce, work))).toEqual(inputs.map((number) => number * 2));
    expect(most).toBe(Math.min(atOnce, inputs.length));
  });

  it('throws what work threw when its turn comes, and leaves none running', async () => {
    const found: number[] = [];
    const read = async () => {
      for await (const result of inOrder([0, -1, -2, 1, 2], 4, work)) found.push(result);
    };
    await expect(read()).rejects.toThrow('failed at -1');
    expect(found).toEqual([0]);
    expect(running).toBe(0);
  });
});
