import { activateFakeModel } from '../../support/catalogue';
import {
  add,
  codesOf,
  useCatalogue,
  opened,
  retireModels,
  test,
  expectCountsInStep,
} from '../../support/catalogue-suite';

describe('undoReassignment', () => {
  useCatalogue();
  const assign = async (...assignments: { itemId: number; codes: number[] }[]) => {
    const result = await test.catalogue.reassignSemanticIds({ assignments, dryRun: false });
    expect(result.userErrors).toEqual([]);
    return result.catalogueVersion!;
  };
  const messageOf = async (version: number) => {
    const { userErrors } = await test.catalogue.undoReassignment(version, false);
    expect(userErrors).toMatchObject([{ code: 'CONFLICT', field: ['catalogueVersion'] }]);
    return userErrors[0].message;
  };

  it('gives items their former codes back, as a reassignment that can be undone too', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    const version = await assign({ itemId: a.id, codes: [2, 2, 0] }, { itemId: b.id, codes: [1, 1, 0] });
    const undone = await test.catalogue.undoReassignment(version, false);
    expect(undone.changes).toEqual([
      { itemId: a.id, before: [2, 2, 0], after: [1, 1, 0] },
      { itemId: b.id, before: [1, 1, 0], after: [2, 2, 0] },
    ]);
    expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([[1, 1, 0], [2, 2, 0]]); // prettier-ignore
    await test.catalogue.undoReassignment(undone.catalogueVersion!, false);
    expect([await codesOf(a.id), await codesOf(b.id)]).toEqual([[2, 2, 0], [1, 1, 0]]); // prettier-ignore
  });

  it('takes several back, the last one first', async () => {
    const [a] = await add({ externalId: 'a' });
    const versions: number[] = [];
    for (const code of [1, 2, 3]) versions.push(await assign({ itemId: a.id, codes: [code, code, 0] }));
    for (const code of [2, 1, 0]) {
      expect((await test.catalogue.undoReassignment(versions[code], false)).userErrors).toEqual([]);
      expect(await codesOf(a.id)).toEqual([code, code, 0]);
    }
    await expectCountsInStep();
  });

  it('says in the log which change it took back', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    const version = await assign({ itemId: a.id, codes: [2, 2, 0] });
    const { catalogueVersion } = await test.catalogue.undoReassignment(version, false);
    const [undo, done] = await test.catalogue.recentChanges(2);
    expect(undo).toMatchObject({ version: catalogueVersion, kind: 'SEMANTIC_IDS_REASSIGNED', undoes: version });
    expect(done).toMatchObject({ version, undoes: undefined });
  });

  it('shows what it would change on a dry run, and changes nothing', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    const version = await assign({ itemId: a.id, codes: [2, 2, 0] });
    const shown = await test.catalogue.undoReassignment(version, true);
    expect(shown).toMatchObject({ changes: [{ after: [1, 1, 0] }], baseVersion: version, catalogueVersion: null });
    expect(await codesOf(a.id)).toEqual([2, 2, 0]);
  });

  it('goes on from the version that the caller saw, and from no other', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    const version = await assign({ itemId: a.id, codes: [2, 2, 0] });
    await add({ externalId: 'b' });
    const stale = await test.catalogue.undoReassignment(version, false, version);
    expect(stale.userErrors).toMatchObject([{ code: 'CONFLICT', field: ['ifCatalogueVersion'] }]);
    expect(await codesOf(a.id)).toEqual([2, 2, 0]);
    const undone = await test.catalogue.undoReassignment(version, false, version + 1);
    expect(undone).toMatchObject({ userErrors: [], baseVersion: version + 1, catalogueVersion: version + 2 });
  });

  it('refuses numbers of no change and of other changes', async () => {
    const version = await add({ externalId: 'a' }).then(() => test.catalogue.version());
    const errorOf = async (number: number) =>
      (await test.catalogue.undoReassignment(number, false)).userErrors.map(({ code, message }) => [code, message]);
    expect(await errorOf(version)).toEqual([
      [
        'INVALID',
        expect.stringMatching(/expected the number of a reassignment, got \d+, which is ITEMS_ADDED; reassign/),
      ],
    ]);
    expect(await errorOf(version + 1)).toMatchObject([['NOT_FOUND', expect.stringContaining(`got ${version + 1}`)]]);
  });

  it('refuses what was made under another tokenizer, and everything before a model is live', async () => {
    const [a] = await add({ externalId: 'a' });
    const version = await assign({ itemId: a.id, codes: [2, 2, 0] });
    await retireModels();
    expect((await test.catalogue.undoReassignment(version, false)).userErrors).toMatchObject([
      { code: 'NO_LIVE_MODEL', field: ['catalogueVersion'] },
    ]);
    await activateFakeModel(opened, 2);
    expect(await messageOf(version)).toContain('another tokenizer');
  });

  it('names an item that was removed since, whose codes it leaves', async () => {
    const [a] = await add({ externalId: 'a', title: '#1.1 a' });
    const version = await assign({ itemId: a.id, codes: [2, 2, 0] });
    await test.catalogue.removeItems([a.id]);
    expect(await messageOf(version)).toContain('got 1 that are not (a)');
  });

  it('names the items that have changed since, five at most', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const items = await add(...names.map((externalId, i) => ({ externalId, title: `#0.${i % 4}` })));
    const moved = (code: number, ids: typeof items) =>
      assign(...ids.map(({ id }, i) => ({ itemId: id, codes: [code, i % 4] })));
    const version = await moved(1, items);
    await moved(2, items.slice(0, 2));
    expect(await messageOf(version)).toContain('got 2 that are not (a, b)');
    await moved(3, items);
    expect(await messageOf(version)).toContain('got 6 that are not (a, b, c, d, e, …)');
  });

  it('names the items whose former codes others have, and moves none', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#2.2 b' });
    const version = await assign({ itemId: a.id, codes: [3, 3, 0] });
    await assign({ itemId: b.id, codes: [1, 1, 0] });
    expect(await messageOf(version)).toContain('got 1 that other items have (of a)');
    expect(await codesOf(a.id)).toEqual([3, 3, 0]);
  });

  it('does not bring back an item that had no codes before', async () => {
    const [a] = await add({ externalId: 'a' });
    const { database } = opened;
    await database.write(async (transaction) => {
      await transaction.semanticId.deleteMany();
      await transaction.semanticIdPrefix.deleteMany();
    });
    const version = await assign({ itemId: a.id, codes: [1, 1, 0] });
    expect(await messageOf(version)).toContain('(a)');
    expect(await codesOf(a.id)).toEqual([1, 1, 0]);
  });
});
