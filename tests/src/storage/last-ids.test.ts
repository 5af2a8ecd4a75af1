import { currentVersion } from '../../../src/storage/change-log-reads';
import { lastInteractionId, lastItemId, lastProgressEventId, RowCount } from '../../../src/storage/last-ids';
import { createTestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { watchedReads } from '../../support/watched-reads';

const READS = [lastItemId, lastInteractionId, lastProgressEventId, currentVersion];

describe('the greatest ids', () => {
  const opened = useTestDatabase();

  const greatest = () => Promise.all(READS.map((read) => read(opened.database.read)));

  it('are those of the newest rows, also of a removed item', async () => {
    const { catalogue } = createTestCatalogue(opened);
    const added = await catalogue.upsertItems(
      ['a', 'b', 'c'].map((externalId) => ({ externalId, title: externalId })),
      true,
    );
    await catalogue.removeItems([added.items[2]!.id]);
    await catalogue.recordInteractions([
      { userExternalId: 'u', itemExternalId: 'a', kind: 'VIEW' },
      { userExternalId: 'u', itemExternalId: 'b', kind: 'VIEW' },
    ]);
    await opened.database.write((transaction) => transaction.progressEvent.create({ data: { jobId: 1, record: {} } }));
    expect(await greatest()).toEqual([3, 2, 1, 2]);
  });

  it('are read from the end of the index, one row each', async () => {
    const { client, statements } = watchedReads(opened.url);
    for (const read of READS) await read(client);
    await client.$disconnect();
    expect(statements.map(({ rows }) => rows)).toEqual([1, 1, 1, 1]);
    for (const { sql } of statements) expect(sql).toMatch(/SELECT [^(]* ORDER BY \S+ DESC LIMIT \?/);
  });
});

/** A table with rows of these ids. */
function table(ids: number[]) {
  const asked: { gt: number; lte: number }[] = [];
  const state = { isAway: false, erasures: 0 };
  const count = new RowCount({
    erasures: async () => state.erasures,
    last: async () => {
      if (state.isAway) throw new Error('no answer');
      return Math.max(0, ...ids);
    },
    count: async ({ gt, lte }) => {
      asked.push({ gt, lte });
      return ids.filter((id) => id > gt && id <= lte).length;
    },
  });
  return { ids, asked, state, count };
}

describe('RowCount', () => {
  it('adds the new rows to those that it has counted', async () => {
    const { ids, asked, count } = table([2, 5]);
    expect(await Promise.all([count.now(), count.now()])).toEqual([2, 2]);
    ids.push(9);
    expect(await count.now()).toBe(3);
    expect(asked).toEqual([{ gt: 0, lte: 5 }, { gt: 5, lte: 9 }]); // prettier-ignore
  });

  it('counts anew after an erasure, whether or not the last row has gone', async () => {
    const { ids, asked, state, count } = table([2, 5, 7]);
    await count.now();
    ids.splice(0, 1);
    state.erasures = 1;
    expect([await count.now(), await count.now()]).toEqual([2, 2]);
    ids.splice(0, 2);
    state.erasures = 2;
    expect(await count.now()).toBe(0);
    expect(asked).toEqual([{ gt: 0, lte: 7 }, { gt: 0, lte: 7 }]); // prettier-ignore
  });

  it('goes on after a failure', async () => {
    const { state, count } = table([2, 5]);
    state.isAway = true;
    await expect(count.now()).rejects.toThrow('no answer');
    state.isAway = false;
    expect(await count.now()).toBe(2);
  });
});
