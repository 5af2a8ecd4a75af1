import { readThinnedCurve } from '../../../src/storage/sql-reads';
import { openTestDatabase, type TestDatabase } from '../../support/database';
import { openTestPostgres } from '../../support/postgres';

const ROW = {
  status: 'SUCCEEDED',
  preset: 'tiny',
  config: {},
  seed: 1,
  reuseTokenizer: false,
  activateWhenBetter: false,
};

describe.each([
  ['sqlite', openTestDatabase],
  ['postgresql', openTestPostgres],
])('readThinnedCurve (%s)', (_, open) => {
  let opened: TestDatabase;
  let jobId: number;
  beforeAll(async () => {
    opened = await open();
    const scope = { lastItemId: 0, lastInteractionId: 0, catalogueVersion: 0 };
    ({ id: jobId } = await opened.database.write((transaction) =>
      transaction.trainingJob.create({ data: { ...ROW, ...scope } }),
    ));
  });
  afterAll(() => opened.dispose());

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
    const points = await readThinnedCurve(opened.database.read, jobId, 'loss', { first: steps[0], upTo: null }, take);
    expect(points.map(({ value }) => value)).toEqual(points.map(({ step }) => step / 2));
    return points.map(({ step }) => step);
  }

  it('takes points at even distances, the first and the last among them', async () => {
    const hundred = Array.from({ length: 100 }, (_, step) => step);
    expect(await thinned(hundred, 4)).toEqual([0, 33, 66, 99]);
    expect(await thinned(hundred, 2)).toEqual([0, 99]);
    expect(await thinned(hundred, 1)).toEqual([99]);
  });

  it('takes each point once where some lie close and others far', async () => {
    expect(await thinned([3, 4, 5, 6, 7, 1000], 4)).toEqual([3, 7, 1000]);
    expect(await thinned([10, 1_000_003, 2_000_000_001], 3)).toEqual([10, 1_000_003, 2_000_000_001]);
  });
});
