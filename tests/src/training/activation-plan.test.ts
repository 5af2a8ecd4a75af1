import type { StoredVersion } from '../../../src/semantic-ids/active-tokenizer';
import { codesKey } from '../../../src/storage/code-keys';
import { planActivation } from '../../../src/training/activation-plan';
import {
  activateFakeModel,
  createTestCatalogue,
  emptyTables,
  storeFakeModel,
  type TestCatalogue,
} from '../../support/catalogue';
import { openTestDatabase, type TestDatabase } from '../../support/database';

describe('planActivation', () => {
  let opened: TestDatabase;
  let test: TestCatalogue;
  let liveVersionId: number;

  beforeAll(async () => {
    opened = await openTestDatabase();
  });
  afterAll(() => opened.dispose());
  beforeEach(async () => {
    await emptyTables(opened);
    test = createTestCatalogue(opened);
    liveVersionId = (await activateFakeModel(opened)).modelVersionId;
  });

  async function add(...titles: string[]): Promise<number[]> {
    const { items } = await test.catalogue.addItems(titles.map((title) => ({ externalId: title, title })), true); // prettier-ignore
    return items.map((item) => item!.id);
  }

  const plan = async (modelVersionId: number) => {
    const where = { where: { id: modelVersionId }, include: { tokenizer: true } };
    const version: StoredVersion = await opened.database.read.modelVersion.findUniqueOrThrow(where);
    return planActivation(test.services, version);
  };

  const planned = ({ codes }: Awaited<ReturnType<typeof plan>>) =>
    codes.map(({ itemId, placement }) => [itemId, 'codes' in placement ? placement.codes : placement]);

  /** Stores a version with codes for the items, as a training leaves it at the present version of the catalogue. */
  async function storeTrained(codes: readonly (readonly [itemId: number, codes: number[]])[]): Promise<number> {
    const { tokenizerId, modelVersionId } = await storeFakeModel(opened, { number: 2, status: 'TRAINED' });
    const version = await test.catalogue.version();
    const rows = codes.map(([itemId, ofItem]) => ({ tokenizerId, itemId, codesKey: codesKey(ofItem) }));
    await opened.database.write(async (transaction) => {
      await transaction.semanticId.createMany({ data: rows });
      await transaction.tokenizer.update({ where: { id: tokenizerId }, data: { catalogueVersion: version } });
    });
    return modelVersionId;
  }

  it('plans nothing for the version that is live and has codes for every item', async () => {
    await add('#1.1 a', '#2.2 b');
    const { tokenizer, active, codes, changes } = await plan(liveVersionId);
    expect(tokenizer).toEqual(active);
    expect({ codes, changes }).toEqual({ codes: [], changes: [] });
  });

  it('plans codes for live items alone, and a new count, for a tokenizer that has never followed the log', async () => {
    const [a, b] = await add('#1.1 a', '#2.2 b');
    await test.catalogue.removeItems([b]);
    const { modelVersionId } = await storeFakeModel(opened, { number: 2, status: 'TRAINED' });
    const result = await plan(modelVersionId);
    expect(planned(result)).toEqual([[a, [1, 1, 0]]]);
    expect(result).toMatchObject({ changes: null });
    expect(result.active?.modelVersionId).toBe(liveVersionId);
  });

  it('follows the log from the change at which the tokenizer was last in step', async () => {
    const [kept, removed, renamed, removedBefore] = await add('#0.0 a', '#1.1 b', '#2.2 c', '#3.3 d');
    await test.catalogue.removeItems([removedBefore]);
    const trained = await storeTrained([
      [kept, [0, 0, 0]],
      [removed, [1, 1, 0]],
      [renamed, [2, 2, 0]],
      [removedBefore, [3, 3, 0]],
    ]);
    const [added] = await add('#0.1 e');
    await test.catalogue.removeItems([removed]);
    await test.catalogue.updateItems([{ itemId: renamed, title: '#0.3 c' }], true);
    await test.catalogue.restoreItems([removedBefore]);
    const result = await plan(trained);
    expect(planned(result)).toEqual([
      [added, [0, 1, 0]],
      [renamed, [0, 3, 0]],
    ]);
    const changes = new Map(result.changes!.map(({ itemId, before, after }) => [itemId, [before, after]]));
    expect(changes).toEqual(
      new Map([
        [added, [null, [0, 1, 0]]],
        [removed, [[1, 1, 0], null]],
        [
          renamed,
          [
            [2, 2, 0],
            [0, 3, 0],
          ],
        ],
        [removedBefore, [null, [3, 3, 0]]],
      ]),
    );
  });

  it('sees no change in an item that came and went since', async () => {
    const [kept] = await add('#0.0 a');
    const trained = await storeTrained([[kept, [0, 0, 0]]]);
    const [passing] = await add('#0.1 b');
    await test.catalogue.removeItems([passing]);
    const { codes, changes } = await plan(trained);
    expect(codes).toEqual([]);
    expect(changes).toEqual([{ itemId: passing, before: null, after: null }]);
  });

  it('leaves items whose texts are not encoded yet to later, but not the codes of a former text', async () => {
    const [kept, renamed, renamedBack] = await add('#0.0 a', '#1.1 b', '#2.2 c');
    const trained = await storeTrained([
      [kept, [0, 0, 0]],
      [renamed, [1, 1, 0]],
    ]);
    const [added, stored] = await add('#0.1 d', '#0.2 e');
    await test.catalogue.updateItems([{ itemId: renamed, title: '#3.3 b' }, { itemId: renamedBack, title: '#2.3 c' }], true); // prettier-ignore
    await opened.database.write(({ itemVector }) => itemVector.deleteMany({ where: { itemId: { not: stored } } }));
    const result = await plan(trained);
    expect(planned(result)).toEqual([[stored, [0, 2, 0]], [renamed, [3, 3, 0]]]); // prettier-ignore
    expect(result.changes).toContainEqual({ itemId: added, before: null, after: null });
  });
});
