import { summaryOf } from '../../support/catalogue';
import { add, opened, retireModels, test, useCatalogue } from '../../support/catalogue-suite';

describe('Catalogue', () => {
  useCatalogue();
  const catalogue = () => test.catalogue;
  const see = (...users: string[]) =>
    catalogue().recordInteractions(
      users.map((userExternalId) => ({ userExternalId, itemExternalId: 'a', kind: 'VIEW' as const })),
    );

  it('counts what there is', async () => {
    const [, gone] = await add({ externalId: 'a' }, { externalId: 'gone' }, { externalId: 'codeless' });
    await catalogue().removeItems([gone.id]);
    await see('u', 'v', 'u');
    expect(await summaryOf(catalogue())).toEqual({
      version: expect.any(Number),
      itemCount: 2,
      tokenizedItemCount: 2,
      userCount: 2,
      interactionCount: 3,
    });
    await retireModels();
    expect(await summaryOf(catalogue())).toMatchObject({ itemCount: 2, tokenizedItemCount: 0 });
  });

  it('finds items, removed ones too, and users by their external IDs', async () => {
    const [a] = await add({ externalId: 'a' });
    await see('u');
    await catalogue().removeItems([a.id]);
    expect(await catalogue().item('a')).toMatchObject({ id: a.id, removedAt: expect.any(Date) });
    expect(await catalogue().item('b')).toBeNull();
    expect(await catalogue().user('u')).toMatchObject({ externalId: 'u' });
    expect(await catalogue().user('v')).toBeNull();
  });

  it('reads the semantic IDs and what they have in common', async () => {
    const [a, b] = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.2 b' });
    const page = { first: 9, after: null };
    const nodesOf = <T>({ edges }: { edges: readonly { node: T }[] }) => edges.map(({ node }) => node);
    expect(nodesOf(await catalogue().prefixChildren([1], page))).toMatchObject([{ codes: [1, 1] }, { codes: [1, 2] }]);
    expect(nodesOf(await catalogue().similarItems(a.id, page))).toMatchObject([{ id: b.id }]);
    expect(await catalogue().prefixTerms([1, 1])).toEqual([]);
    expect((await catalogue().levels())[0]).toMatchObject({ level: 0, usedCodes: 1 });
    expect(await catalogue().collisions()).toMatchObject({ collidingItemCount: 0 });
    expect(await catalogue().largestCollisionGroups(1)).toEqual([]);
  });

  it('answers each write with the version that it made, and one that changed nothing with none', async () => {
    const versionOf = async (call: Promise<{ catalogueVersion: number | null }>) => (await call).catalogueVersion;
    const [a] = await add({ externalId: 'a' });
    const version = await catalogue().version();
    expect(await versionOf(catalogue().updateItems([{ itemId: a.id, price: 1 }], false))).toBe(version + 1);
    expect(await versionOf(catalogue().removeItems([a.id]))).toBe(version + 2);
    expect(await versionOf(catalogue().removeItems([a.id]))).toBeNull();
    expect(await versionOf(catalogue().updateItems([{ itemId: a.id, price: 2 }], false))).toBeNull();
    expect(await versionOf(catalogue().restoreItems([a.id]))).toBe(version + 3);
    expect(await versionOf(catalogue().restoreItems([a.id]))).toBeNull();
    for (const atomic of [true, false]) {
      expect(await versionOf(catalogue().upsertItems([{ externalId: 'a', title: a.title }], atomic))).toBeNull();
      expect(await versionOf(catalogue().upsertItems([], atomic))).toBeNull();
    }
    expect(await versionOf(catalogue().upsertItems([{ externalId: 'b', title: 'b' }], true))).toBe(version + 4);
    await catalogue().removeItems([a.id]);
    const both = [{ externalId: 'a', title: 'a' }, { externalId: 'c', title: 'c' }]; // prettier-ignore
    expect(await versionOf(catalogue().upsertItems(both, true))).toBe(version + 6);
    const assignments = [{ itemId: a.id, codes: [1, 1] }];
    expect(await versionOf(catalogue().reassignSemanticIds({ assignments, dryRun: false }))).toBe(version + 7);
    expect(await versionOf(catalogue().undoReassignment(version + 7, true))).toBeNull();
    expect(await versionOf(catalogue().undoReassignment(version + 7, false))).toBe(version + 8);
    expect(await versionOf(catalogue().deleteItems([a.id]))).toBe(version + 9);
  });

  it('moves, exports and erases what a user did', async () => {
    await add({ externalId: 'a' });
    await see('visitor/v', 'ann', 'ann');
    expect(await catalogue().identify('visitor/v', 'ann')).toMatchObject({ joinedInteractions: 1 });
    const [{ id }] = await opened.database.read.interaction.findMany();
    expect(await catalogue().deleteInteractions([{ id }])).toMatchObject({ deleted: 1 });
    expect(await catalogue().exportUser('ann')).toMatchObject({ interactions: [{ item: 'a' }, { item: 'a' }] });
    expect(await catalogue().eraseUsers(['ann'])).toMatchObject({ erasedInteractions: 2 });
  });

  it('tells how far a reassignment has come, ends a dry run with its request, and carries out what is no dry run', async () => {
    await add({ externalId: 'a' });
    const signal = AbortSignal.abort(new Error('nobody waits'));
    const all = (dryRun: boolean) => catalogue().reassignSemanticIds({ all: true, dryRun }, [], signal);
    await expect(all(true)).rejects.toThrow('nobody waits');
    const { assigner } = test.services;
    const { assign } = assigner;
    let progress = catalogue().reassignment();
    jest.spyOn(assigner, 'assign').mockImplementation((...args) => {
      progress = catalogue().reassignment();
      return assign(...args);
    });
    expect((await all(false)).userErrors).toEqual([]);
    expect([progress, catalogue().reassignment()]).toEqual([{ done: 0, total: 1 }, null]);
  });
});
