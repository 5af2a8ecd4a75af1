import { Histories } from '../../../src/datasets/histories';

describe('Histories', () => {
  it('gathers the rows of each user from anywhere, the oldest first, and those of one time as they came', () => {
    const histories = new Histories();
    const rows = [
      ['ann', 'b', 5],
      ['bob', 'a', 1],
      ['ann', 'c', 2],
      ['ann', 'a', 2],
      ['bob', 'b', 0],
    ] as const;
    for (const [user, itemId, timeMs] of rows) histories.add(user, { itemId, timeMs });
    expect([...histories.sequences()]).toEqual([
      { userExternalId: 'ann', itemExternalIds: ['c', 'a', 'b'], times: [2, 2, 5] },
      { userExternalId: 'bob', itemExternalIds: ['b', 'a'], times: [0, 1] },
    ]);
  });

  it('keeps what each event is, and has nothing of no rows', () => {
    const histories = new Histories();
    histories.add('ann', { itemId: 'a', timeMs: 2, kind: 'VIEW', eventId: 'e2' });
    histories.add('ann', { itemId: 'a', timeMs: 1, kind: 'CART', eventId: null });
    expect([...histories.sequences()]).toMatchObject([
      { events: [{ kind: 'CART', eventId: null }, { kind: 'VIEW', eventId: 'e2' }] },
    ]); // prettier-ignore
    expect([...new Histories().sequences()]).toEqual([]);
  });
});
