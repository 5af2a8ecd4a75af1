import { currentVersion } from '../../../src/storage/change-log-reads';
import { lastInteractionId, lastItemId, lastProgressEventId } from '../../../src/storage/last-ids';
import { useTestDatabase } from '../../support/database';
import { watchedReads } from '../../support/watched-reads';

const READS = [lastItemId, lastInteractionId, lastProgressEventId, currentVersion];

describe('the greatest ids', () => {
  const opened = useTestDatabase();

  it('are read from the end of the index, one row each', async () => {
    const { client, statements } = watchedReads(opened.url);
    for (const read of READS) await read(client);
    await client.$disconnect();
    expect(statements.map(({ rows }) => rows)).toEqual([1, 1, 1, 1]);
    for (const { sql } of statements) expect(sql).toMatch(/SELECT [^(]* ORDER BY \S+ DESC LIMIT \?/);
  });
});
