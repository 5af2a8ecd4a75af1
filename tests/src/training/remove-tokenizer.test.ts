import type { ItemRecord } from '../../../graphql/item/records';
import { removeTokenizer } from '../../../src/training/remove-tokenizer';
import { activateFakeModel, createTestCatalogue, storeFakeModel } from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('removeTokenizer', () => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());

  it('removes its semantic IDs and their counts, and nothing of other tokenizers', async () => {
    const active = await activateFakeModel(opened);
    const { catalogue } = createTestCatalogue(opened);
    const { items } = await catalogue.addItems([{ externalId: 'a', title: '#1.2 a' }], true);
    const unused = await storeFakeModel(opened, { number: 2, status: 'TRAINED' });
    const { tokenizerId } = unused;
    await opened.database.write(async ({ modelVersion, semanticId, semanticIdPrefix }) => {
      await modelVersion.delete({ where: { id: unused.modelVersionId } });
      const itemId = (items[0] as ItemRecord).id;
      await semanticId.create({ data: { tokenizerId, itemId, codesKey: '0001.0002.0000' } });
      await semanticIdPrefix.create({ data: { tokenizerId, level: 0, prefixKey: '', itemCount: 1 } });
    });
    const left = async () => {
      const { tokenizer, semanticId, semanticIdPrefix } = opened.database.read;
      const of = (rows: readonly { readonly tokenizerId: number }[]) => new Set(rows.map((row) => row.tokenizerId));
      const ids = (await tokenizer.findMany()).map(({ id }) => id);
      return [new Set(ids), of(await semanticId.findMany()), of(await semanticIdPrefix.findMany())];
    };
    const both = new Set([active.tokenizerId, tokenizerId]);
    expect(await left()).toEqual([both, both, both]);
    await removeTokenizer(opened.database, tokenizerId);
    const one = new Set([active.tokenizerId]);
    expect(await left()).toEqual([one, one, one]);
  });

  it('leaves the row of a tokenizer that a version has come to name meanwhile', async () => {
    const { tokenizerId } = await storeFakeModel(opened, { number: 3, status: 'TRAINED' });
    await removeTokenizer(opened.database, tokenizerId);
    expect(await opened.database.read.tokenizer.count({ where: { id: tokenizerId } })).toBe(1);
  });
});
