import { shareCheckpoints } from '../../../src/training/share-checkpoints';
import { storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

const named = (name: string) => Object.assign(new Error(name), { name });

describe('shareCheckpoints', () => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
    for (const [number, status] of [
      [1, 'RETIRED'],
      [2, 'ACTIVE'],
      [3, 'TRAINED'],
    ] as const)
      // prettier-ignore
      await storeFakeModel(opened, { number, status, checkpointDir: `jobs/${number}/checkpoint` });
  });
  afterAll(() => opened.dispose());

  /** @param faults - Of each attempt, in order; null: it succeeds. */
  async function share(...faults: (Error | null)[]) {
    const shared: string[] = [];
    const problems: string[] = [];
    const store = {
      async share(key: string) {
        const fault = faults.shift();
        if (fault) throw fault;
        shared.push(key);
      },
    };
    const onProblem = (message: string) => void problems.push(message);
    await shareCheckpoints({ database: opened.database, store, onProblem, signal: new AbortController().signal });
    return { shared, problems };
  }

  it('shares what the database names, the active version first', async () => {
    const shared = ['jobs/2/checkpoint', 'jobs/3/checkpoint', 'jobs/1/checkpoint'];
    expect(await share()).toEqual({ shared, problems: [] });
  });

  it('asks a store again that gives no answer, and passes over a damaged checkpoint', async () => {
    const { shared, problems } = await share(named('CheckpointStoreError'), null, named('CheckpointError'));
    expect(shared).toEqual(['jobs/2/checkpoint', 'jobs/1/checkpoint']);
    expect(problems).toEqual(['CheckpointStoreError', 'a checkpoint is not shared: CheckpointError']);
  });
});
