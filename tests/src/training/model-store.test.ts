import type { StoredVersion } from '../../../src/semantic-ids/active-tokenizer';
import { codesKey } from '../../../src/storage/code-keys';
import { writeVectors } from '../../../src/storage/item-rows';
import { planActivation } from '../../../src/training/model-store';
import { storeFakeModel } from '../../support/catalogue';
import { vectorOfCodes } from '../../support/fake-assigner';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
import { add, addVersion, first, loaded, models, opened, test, warnings } from '../../support/version-suite';

describe('ModelStore', () => {
  it('knows which version was active before, whatever its number', async () => {
    const [second, third] = [await addVersion(2), await addVersion(3)];
    expect(await models.former()).toBeNull();
    for (const { id } of [third, { id: first.modelVersionId }, second, second]) await models.activate(id);
    expect((await models.former())?.id).toBe(first.modelVersionId);
  });

  it('makes a version live with codes for every item, and the former one retired', async () => {
    const [a, b, c] = await add('#1.1 a', '#1.1 b', '#2.2 c');
    await test.catalogue.removeItems([b]);
    const { id, tokenizerId } = await addVersion(2);
    const version = await test.catalogue.version();
    const { modelVersion, userErrors } = await models.activate(id);
    expect(userErrors).toEqual([]);
    expect(modelVersion).toMatchObject({ id, number: 2, status: 'ACTIVE' });
    expect((await models.version(first.modelVersionId))?.status).toBe('RETIRED');
    expect(loaded).toEqual([
      {
        modelVersionId: id,
        tokenizerId,
        checkpointDir: '/nowhere',
        table: { idLength: 3, itemIds: Int32Array.of(a, c), codes: Int32Array.of(1, 1, 0, 2, 2, 0) },
        live: Uint8Array.of(1, 1),
        catalogueVersion: version + 1,
      },
    ]);
    expect(test.commits.at(-1)).toMatchObject({ version: version + 1, kind: 'MODEL_ACTIVATED', changes: [] });
    expect(test.hub.published('ACTIVE_MODEL_CHANGES')).toEqual([{ catalogueVersion: version + 1, modelVersion }]);
    expect(await storedPrefixes(opened.database, tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, tokenizerId),
    );
    expect(await test.catalogue.tokenizedItemCount()).toBe(2);
  });

  it('gives the former codes back, but for items with another text, and takes no items that went', async () => {
    const [a, b, c] = await add('#1.1 a', '#1.1 b', '#2.2 c');
    await test.catalogue.reassignSemanticIds({ assignments: [{ itemId: a, codes: [3, 0, 2] }], dryRun: false });
    const { id, tokenizerId } = await addVersion(2, '/shift/1');
    await models.activate(id);
    const codesUnder = async (tokenizer: number) => {
      const rows = await opened.database.read.semanticId.findMany({ where: { tokenizerId: tokenizer } });
      return Object.fromEntries(rows.map(({ itemId, codesKey }) => [itemId, codesKey.split('.').map(Number)]));
    };
    expect(await codesUnder(tokenizerId)).toEqual({ [a]: [2, 2, 0], [b]: [2, 2, 1], [c]: [3, 3, 0] });
    await test.catalogue.updateItems([{ itemId: b, title: '#0.3 b' }], true);
    await test.catalogue.removeItems([c]);
    await models.activate(first.modelVersionId);
    expect(await codesUnder(first.tokenizerId)).toEqual({ [a]: [3, 0, 2], [b]: [0, 3, 0], [c]: [2, 2, 0] });
    expect(await storedPrefixes(opened.database, first.tokenizerId)).toEqual(
      await recomputedPrefixes(opened.database, first.tokenizerId),
    );
    expect(await test.catalogue.tokenizedItemCount()).toBe(2);
  });

  it('changes nothing when the checkpoint cannot be used', async () => {
    await add('#1.1 a');
    const { id } = await addVersion(2, '/damaged');
    const version = await test.catalogue.version();
    const { modelVersion, userErrors } = await models.activate(id);
    expect(modelVersion).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'UNUSABLE_CHECKPOINT', field: ['modelVersionId'] }]);
    expect(userErrors[0].message).toContain('weights: expected another hash');
    expect((await models.live())?.id).toBe(first.modelVersionId);
    expect(await test.catalogue.version()).toBe(version);
  });

  it('refuses a version that there is not', async () => {
    expect(await models.activate(999)).toMatchObject({ modelVersion: null, userErrors: [{ code: 'NOT_FOUND' }] });
  });

  it('warns of items that find no place', async () => {
    await add(...Array.from({ length: 16 }, (_, i) => `#0.0 ${i}`)); // as many as there are IDs that begin with 0
    await opened.database.write(async (transaction) => {
      const { id } = await transaction.item.create({ data: { externalId: 'e', title: '#0.0 e', sortTitle: 'e' } });
      const vector = Float32Array.from(vectorOfCodes(0, 0));
      await writeVectors(transaction, [{ itemId: id, encoder: 'fake', dims: vector.length, vector }]);
    });
    const { id } = await addVersion(2);
    expect((await models.activate(id)).userErrors).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^1 items got no semantic ID: /)]);
  });

  it('pages versions, newest first', async () => {
    await addVersion(2);
    await addVersion(3);
    const page = await models.versions({ first: 2, after: null });
    expect(page.edges.map(({ node }) => node.number)).toEqual([3, 2]);
    const rest = await models.versions({ first: 2, after: page.edges[1].cursor });
    expect(rest.edges.map(({ node }) => node.number)).toEqual([1]);
    expect(rest.hasNextPage).toBe(false);
  });

  it('reads the activations after a version of the catalogue, the oldest first, without those of removed versions', async () => {
    const [second, third] = [await addVersion(2), await addVersion(3)];
    for (const { id } of [{ id: first.modelVersionId }, second, third, second]) await models.activate(id);
    const after = test.commits[0].version;
    await opened.database.write(({ modelVersion }) => modelVersion.delete({ where: { id: third.id } }));
    const found = await models.activationsAfter(after);
    expect(found.map(({ modelVersion }) => modelVersion.number)).toEqual([2, 2]);
  });
});

describe('planActivation', () => {
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
    const { tokenizer, active, codes, changes } = await plan(first.modelVersionId);
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
    expect(result.active?.modelVersionId).toBe(first.modelVersionId);
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
