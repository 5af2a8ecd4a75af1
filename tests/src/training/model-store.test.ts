import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';
import { add, addVersion, first, loaded, models, opened, test } from '../../support/version-suite';

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
