import { readCodeRows, readThinnedCurve } from '../../../src/storage/sql-reads';
import { activateFakeModel, createTestCatalogue, storeTrainingJob } from '../../support/catalogue';
import { describeOnBoth } from '../../support/postgres';
import { watchedReads } from '../../support/watched-reads';

describeOnBoth('readCodeRows', (opened) => {
  it('finds a page of many semantic IDs by an index, and does not sort all of them', async () => {
    const { tokenizerId } = await activateFakeModel(opened, 1, { numLevels: 2, codebookSize: 300 });
    const { catalogue } = createTestCatalogue(opened);
    const ids: number[] = [];
    for (let code = 0; code < 8; code++) {
      const added = Array.from({ length: 250 }, (_, i) => ({
        externalId: `item ${code}.${i}`,
        title: `#${code}.${i}`,
      }));
      ids.push(...(await catalogue.upsertItems(added, true)).items.map((item) => item!.id));
    }
    const { client, statements, planOf } = watchedReads(opened.url);
    // A new database has no statistics yet.
    for (const prepare of [() => null, () => client.$executeRawUnsafe('ANALYZE')]) {
      await prepare();
      const page = await readCodeRows(client, tokenizerId, ids[999], 3);
      expect(page.map(({ itemId }) => itemId)).toEqual(ids.slice(1000, 1003));
      const plan = await planOf(statements.at(-1)!);
      expect(plan).toMatch(/(SEARCH s USING INDEX|Index Cond:).*itemId[\\"]* ?>/);
      expect(plan).not.toContain('B-TREE FOR ORDER BY');
    }
    await client.$disconnect();
  });
});

describeOnBoth('readThinnedCurve', (opened) => {
  let jobId: number;
  beforeAll(async () => {
    ({ id: jobId } = await storeTrainingJob(opened.database));
  });

  async function thinned(steps: readonly number[], take: number): Promise<number[]> {
    await opened.database.write(async (transaction) => {
      await transaction.metricPoint.deleteMany();
      // Another curve of the same job must not be mixed in.
      const data = steps.flatMap((step) => [
        { jobId, metric: 'loss', step, value: step / 2 },
        { jobId, metric: 'other', step: step + 1, value: 0 },
      ]);
      await transaction.metricPoint.createMany({ data });
    });
    const points = await readThinnedCurve(opened.database.read, jobId, 'loss', {}, take);
    expect(points.map(({ value }) => value)).toEqual(points.map(({ step }) => step / 2));
    return points.map(({ step }) => step);
  }

  it('takes points at even distances, the first and the last among them', async () => {
    const hundred = Array.from({ length: 100 }, (_, step) => step);
    expect(await thinned(hundred, 4)).toEqual([0, 33, 66, 99]);
    expect(await thinned(hundred, 2)).toEqual([0, 99]);
    expect(await thinned(hundred, 1)).toEqual([99]);
  });

  it('takes all points where they are few', async () => {
    expect(await thinned([10, 1_000_003, 2_000_000_001], 3)).toEqual([10, 1_000_003, 2_000_000_001]);
    expect(await thinned([3, 1000], 9)).toEqual([3, 1000]);
    expect(await thinned([3], 9)).toEqual([3]);
  });
});
