import { storeFakeModel } from '../../support/catalogue';
import {
  add,
  describeCatalogue,
  expectCountsInStep,
  logged,
  opened,
  placesOf,
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
    expect(placesOf(await test.catalogue.deleteItems([live.id, stays.id]))).toEqual(['NOT_FOUND items.0']);
    expect(await read.item.count()).toBe(1);
  });

  it('keeps the counts of a tokenizer that is not active those of its version', async () => {
    const items = await add({ externalId: 'a', title: '#1.1 a' }, { externalId: 'b', title: '#1.1 b' });
    const { tokenizerId: former } = await storeFakeModel(opened, { number: 2, status: 'TRAINED' });
    await opened.database.write(async (transaction) => {
      const codes = await transaction.semanticId.findMany({ where: { tokenizerId } });
      const rows = await transaction.semanticIdPrefix.findMany({ where: { tokenizerId } });
      await transaction.semanticId.createMany({
        data: codes.map(({ itemId, codesKey }) => ({ itemId, codesKey, tokenizerId: former })),
      });
      await transaction.semanticIdPrefix.createMany({ data: rows.map((row) => ({ ...row, tokenizerId: former })) });
      const { version } = (await transaction.catalogueLog.findFirst({ orderBy: { version: 'desc' } }))!;
      await transaction.tokenizer.update({ where: { id: former }, data: { catalogueVersion: version } });
    });
    await test.catalogue.deleteItems([items[0].id]);
    expect(await storedPrefixes(opened.database, former)).toEqual(await recomputedPrefixes(opened.database, former));
  });
});

describeCatalogue('deleteInteractions', () => {
  it('deletes single events by either ID, counts anew, and can be repeated', async () => {
    const [a] = await add({ externalId: 'a' });
    await test.catalogue.recordInteractions([view('ann', 'a', 'e1'), view('ann', 'a'), view('bob', 'a', 'e3')]);
    const [, second] = await opened.database.read.interaction.findMany({ orderBy: { id: 'asc' } });
    const references = [{ eventId: 'e1' }, { id: second.id }, { eventId: 'nothing' }];
    expect(await test.catalogue.deleteInteractions(references)).toEqual({ deleted: 2, userErrors: [] });
    expect(await test.catalogue.item('a')).toMatchObject({ id: a.id, interactionCount: 1 });
    expect(await test.catalogue.interactionCount()).toBe(1);
    expect(await test.catalogue.deleteInteractions(references)).toEqual({ deleted: 0, userErrors: [] });
    expect(placesOf(await test.catalogue.deleteInteractions([]))).toEqual(['INVALID interactions']);
  });
});
