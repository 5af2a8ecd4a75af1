import { currentVersion } from '../../../src/storage/change-log-reads';
import { lastInteractionId, lastItemId, lastProgressEventId } from '../../../src/storage/last-ids';
import { createTestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';

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
});
