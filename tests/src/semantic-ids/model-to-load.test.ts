import { modelToLoad } from '../../../src/semantic-ids/model-to-load';
import { activateFakeModel, createTestCatalogue } from '../../support/catalogue';
import { openTestDatabase } from '../../support/database';

describe('modelToLoad', () => {
  it("has the tokenizer's codes as they are now, and the length of its IDs while it has none", async () => {
    const opened = await openTestDatabase();
    const { modelVersionId, tokenizerId } = await activateFakeModel(opened);
    const { database } = opened;
    const version = await database.read.modelVersion.findFirstOrThrow({ include: { tokenizer: true } });
    const empty = { idLength: 3, itemIds: new Int32Array(), codes: new Int32Array() };
    const common = { modelVersionId, tokenizerId, checkpointDir: '/nowhere' };
    expect(await modelToLoad(database, version)).toEqual({
      ...common,
      table: empty,
      live: new Uint8Array(),
      catalogueVersion: 0,
    });
    const { items } = await createTestCatalogue(opened).catalogue.addItems([{ externalId: 'a', title: '#1.2' }], true);
    expect(await modelToLoad(database, version)).toEqual({
      ...common,
      table: { idLength: 3, itemIds: Int32Array.of(items[0]!.id), codes: Int32Array.of(1, 2, 0) },
      live: Uint8Array.of(1),
      catalogueVersion: 1,
    });
    await opened.dispose();
  });
});
