import { deleteItems } from '../../../src/catalogue/deletions';
import { storeFakeModel } from '../../support/catalogue';
import {
  add,
  describeCatalogue,
  expectCountsInStep,
  logged,
  opened,
  retireModels,
  showIn,
  test,
  tokenizerId,
} from '../../support/catalogue-suite';
import { recomputedPrefixes, storedPrefixes } from '../../support/prefix-counts';

const view = (userExternalId: string, itemExternalId: string, eventId: string | null = null) => ({
  ...{ userExternalId, itemExternalId, eventId },
  kind: 'VIEW' as const,
});

describeCatalogue('deleteItems', () => {
  it('deletes items with all that hangs on them, and leaves the rest', async () => {
    const [live, gone, stays] = await add(
      { externalId: 'live', title: '#1.1 live', categories: ['x'] },
      { externalId: 'gone', title: '#1.2 gone' },
      { externalId: 'stays', title: '#1.1 stays' },
    );
    await test.catalogue.removeItems([gone.id]);
    const events = [view('ann', 'live'), view('ann', 'live'), view('bob', 'gone'), view('ann', 'stays')];
    await test.catalogue.recordInteractions(events);
    const version = await test.catalogue.version();
    expect(await test.catalogue.deleteItems([live.id, gone.id])).toEqual({
      ...{
        deletedExternalIds: ['live', 'gone'],
        deletedInteractions: 3,
        catalogueVersion: version + 1,
        userErrors: [],
      },
    });
    const { read } = opened.database;
    expect((await read.item.findMany()).map(({ id, interactionCount }) => [id, interactionCount])).toEqual([
      [stays.id, 1],
    ]);
    expect([await read.itemCategory.count(), await read.itemVector.count(), await read.semanticId.count()]).toEqual([
      0, 1, 1,
    ]);
    expect(await test.catalogue.interactionCount()).toBe(1);
    const removal = { itemId: live.id, before: [1, 1, 0], after: null };
    expect((await logged()).at(-1)).toMatchObject({ kind: 'ITEMS_REMOVED', items: [removal] });
    const popular = test.popularity.top({ allow: null, deny: new Set(), first: 9 });
    expect(popular).toEqual([{ itemId: stays.id, share: 1 }]);
    await expectCountsInStep();
  });

  it('keeps the counts of a tokenizer that is not active those of its version', async () => {
    const [a, b, c] = await add(...['a', 'b', 'c', 'd'].map((externalId) => ({ externalId, title: '#1.1' })));
    await test.catalogue.removeItems([c.id]);
    const { tokenizerId: former } = await storeFakeModel(opened, { number: 2, status: 'TRAINED' });
    const catalogueVersion = await test.catalogue.version();
    await opened.database.write(async (transaction) => {
      const codes = await transaction.semanticId.findMany({ where: { tokenizerId } });
      const rows = await transaction.semanticIdPrefix.findMany({ where: { tokenizerId } });
      await transaction.semanticId.createMany({
        data: codes.map(({ itemId, codesKey }) => ({ itemId, codesKey, tokenizerId: former })),
      });
      await transaction.semanticIdPrefix.createMany({ data: rows.map((row) => ({ ...row, tokenizerId: former })) });
      await transaction.tokenizer.updateMany({ data: { catalogueVersion } });
    });
    await test.catalogue.removeItems([b.id]);
    await test.catalogue.deleteItems([a.id, b.id, c.id]);
    const left = await recomputedPrefixes(opened.database, tokenizerId); // of d alone, as under the other
    expect(await storedPrefixes(opened.database, former)).toEqual(left);
    await expectCountsInStep();
  });

  it('makes no version where all are removed already, nor needs a live model', async () => {
    const [a] = await add({ externalId: 'a' });
    await test.catalogue.removeItems([a.id]);
    await retireModels();
    const answer = await test.catalogue.deleteItems([a.id]);
    expect(answer).toMatchObject({ deletedExternalIds: ['a'], catalogueVersion: null, userErrors: [] });
  });

  it('leaves an item that another call restores meanwhile', async () => {
    const [a] = await add({ externalId: 'a' });
    const onInteractions = async () => void (await test.catalogue.restoreItems([a.id]));
    await deleteItems({ ...test.services, onInteractions }, [a.id], []);
    expect(await test.catalogue.item('a')).toMatchObject({ id: a.id, removedAt: null });
  });

  it('refuses all when one is wrong', async () => {
    const [a] = await add({ externalId: 'a' });
    const nothing = { deletedExternalIds: [], deletedInteractions: 0, catalogueVersion: null };
    const wrong = await test.catalogue.deleteItems([a.id, 999_999]);
    expect(wrong).toMatchObject({ ...nothing, userErrors: [{ code: 'NOT_FOUND', field: ['items', '1'] }] });
    expect(await test.catalogue.item('a')).toMatchObject({ removedAt: null });
  });
});

describeCatalogue('deleteInteractions', () => {
  it('deletes single events by either ID, counts anew, and can be repeated', async () => {
    const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
    const events = [view('ann', 'a', 'e1'), view('ann', 'a'), view('bob', 'a', 'e3'), view('bob', 'b')];
    await test.catalogue.recordInteractions(events);
    const [, second] = await opened.database.read.interaction.findMany({ orderBy: { id: 'asc' } });
    const references = [{ eventId: 'e1' }, { id: second.id }, { eventId: 'nothing' }];
    expect(await test.catalogue.deleteInteractions(references)).toEqual({ deleted: 2, userErrors: [] });
    expect(await test.catalogue.item('a')).toMatchObject({ id: a.id, interactionCount: 1 });
    expect(await test.catalogue.interactionCount()).toBe(2);
    const shares = [a, b].map(({ id }) => ({ itemId: id, share: 1 / 2 })); // Bob with each
    expect(test.popularity.top({ allow: null, deny: new Set(), first: 9 })).toEqual(shares);
    expect(await test.catalogue.deleteInteractions(references)).toEqual({ deleted: 0, userErrors: [] });
  });

  it('deletes more than one transaction takes, and takes a purchase back from the list that it counted for', async () => {
    const [{ id }] = await add({ externalId: 'a' });
    const purchases = await showIn('home', 'ann', id);
    const events = Array.from({ length: 501 }, (_, n) => view('ann', 'a', `${n}`));
    await test.catalogue.recordInteractions([...events, { ...view('ann', 'a', 'p'), kind: 'PURCHASE' }]);
    expect(await purchases()).toBe(1);
    await test.catalogue.deleteInteractions([{ eventId: 'p' }]);
    expect(await purchases()).toBe(0);
    expect(await test.catalogue.deleteInteractions(events)).toEqual({ deleted: 501, userErrors: [] });
  });
});
