import { DATABASE_DEFAULTS } from '../../../src/config';
import { isDatabaseFault } from '../../../src/storage/database-error';
import { readInThread } from '../../../src/training/data-reader';

// What the thread reads is tested by data-worker.test.ts.
describe('readInThread', () => {
  it('says of a database that does not answer that it is to be asked again', async () => {
    const database = { ...DATABASE_DEFAULTS, connectTimeoutMs: 500 };
    const scope = { id: 1, config: {}, tokenizerId: null, lastItemId: 1, lastInteractionId: 1 };
    const source = { databaseUrl: 'postgresql://nobody@127.0.0.1:9/none', database };
    const error: unknown = await readInThread(source, scope, '/jobs/1', new AbortController().signal).catch(
      (each: unknown) => each,
    );
    expect(isDatabaseFault(error)).toBe(true);
  });
});
