import { KIND_RULES, type KindRules } from '../../../models/data/kinds';
import { DAY_MS } from '../../../models/math/day';
import { readDataset } from '../../../src/datasets/read-dataset';
import { changeHistories, readExperimentData } from '../../../src/experiments/experiment-data';
import { useFolder, type Files } from '../../support/dataset-files';

const ITEMS: Files = {
  'items.jsonl': ['p', 'q', 'r', 's'].map((id) => JSON.stringify({ id, title: `Item ${id}` })).join('\n'),
  'sequences.txt': 'ann q p s\nbob r p q s\n',
  // All of ann's items have one time, and so have the first three of bob's.
  'gaps_days.txt': 'ann 0 0 0\nbob 0 0 0 3\n',
};
const UNCHANGED = { seed: 1, ties: 'filed', coldShare: 0 } as const;

describe('readExperimentData', () => {
  const write = useFolder();

  it('gives items their row as id, and lays the histories end to end', async () => {
    const data = await readExperimentData(await readDataset(write(ITEMS)));
    expect([...data.itemIds]).toEqual([0, 1, 2, 3]);
    expect(data.log.userKeys).toEqual(['ann', 'bob']);
    expect([...data.log.offsets]).toEqual([0, 3, 7]);
    expect([...data.log.items]).toEqual([1, 0, 3, 2, 0, 1, 3]);
    expect(data.texts[2]).toContain('Item r');
  });

  it('has one entry for each run of one item', async () => {
    const { log } = await readExperimentData(
      await readDataset(
        write({ ...ITEMS, 'sequences.txt': 'ann q q p\nbob p p p\n', 'gaps_days.txt': 'ann 0 0 2\nbob 0 0 3\n' }),
      ),
    );
    expect([[...log.offsets], [...log.items]]).toEqual([
      [0, 2, 4],
      [1, 0, 0, 0],
    ]);
    const days = Array.from(log.times, (time) => (time - log.times[0]) / 86_400_000);
    expect(days).toEqual([0, 2, 0, 3]); // bob bought p again three days later
  });

  it('has the log of a shop without views where these count nothing', async () => {
    const at = (kind: string, item: string, day: number) =>
      JSON.stringify({ user: 'ann', item, kind, at: day * DAY_MS });
    const bought = ['q', 'p', 's'].map((item, i) => at('PURCHASE', item, 9 + 2 * i));
    const viewed = ['r', 'q', 'p', 's'].map((item, i) => at('VIEW', item, 8 + 2 * i));
    const logOf = async (events: string[], kinds?: KindRules) =>
      (await readExperimentData(await readDataset(write({ ...ITEMS, 'interactions.jsonl': events.join('\n') })), kinds))
        .log;
    const rules = { ...KIND_RULES, VIEW: { weight: 0, hidesItem: false } };
    expect(await logOf([...bought, ...viewed], rules)).toEqual(await logOf(bought, rules));
    expect((await logOf([...bought, ...viewed])).items).toHaveLength(7);
  });

  it('leaves vectors that the dataset does not have as NaN, for the encoder to fill', async () => {
    const { vectors, dims } = await readExperimentData(await readDataset(write(ITEMS)));
    expect(vectors).toHaveLength(4 * dims);
    expect(vectors.every(Number.isNaN)).toBe(true);
  });
});

describe('changeHistories', () => {
  const write = useFolder();
  const read = async (files: Files = {}) => readExperimentData(await readDataset(write({ ...ITEMS, ...files })));

  it('changes nothing when ties stay as filed and nothing is withheld', async () => {
    const data = await read();
    expect(changeHistories(data, UNCHANGED)).toEqual({ ...data, withheld: new Int32Array(0) });
  });

  it('shuffles only items of one time, the same from the same seed', async () => {
    const data = await read();
    const orders = [1, 2, 3, 4, 5].map((seed) => [...changeHistories(data, { ...UNCHANGED, seed, ties: 'shuffled' }).log.items]); // prettier-ignore
    for (const order of orders) {
      expect(order.slice(0, 3).sort()).toEqual([0, 1, 3]);
      expect(order.slice(3, 6).sort()).toEqual([0, 1, 2]);
      expect(order[6]).toBe(3);
    }
    expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
    expect([...changeHistories(data, { ...UNCHANGED, ties: 'shuffled' }).log.items]).toEqual(orders[0]);
    expect([...data.log.items]).toEqual([1, 0, 3, 2, 0, 1, 3]);
  });

  it('withholds a share of the items from all of a history but its end', async () => {
    const data = await read({ 'gaps_days.txt': 'ann 0 1 2\nbob 0 1 2 3\n' });
    const { withheld, log } = changeHistories(data, { ...UNCHANGED, coldShare: 0.25 });
    expect(withheld).toHaveLength(1);
    expect(log.items.length).toBeLessThan(data.log.items.length);
  });
});
