import { eraseUsers } from '../../../src/catalogue/user-erasures';
import { add, describeCatalogue, opened, test } from '../../support/catalogue-suite';

describeCatalogue('eraseUsers', () => {
  const read = () => opened.database.read;
  const record = (userExternalId: string, ...itemExternalIds: string[]) =>
    test.catalogue.recordInteractions(
      itemExternalIds.map((itemExternalId) => ({ userExternalId, itemExternalId, kind: 'VIEW' as const })),
    );
  /** As many as one transaction may have, and some more. */
  const recordMany = async (userExternalId: string, itemExternalId: string) => {
    const many = new Array<string>(601).fill(itemExternalId);
    await record(userExternalId, ...many);
    return many.length;
  };
  const countsOfItems = async () =>
    (await read().item.findMany({ orderBy: { id: 'asc' } })).map(({ interactionCount }) => interactionCount);
  const users = async () => (await read().user.findMany({ orderBy: { id: 'asc' } })).map((user) => user.externalId);
  const popular = () => test.popularity.top({ allow: null, deny: new Set(), first: 9 });

  it('deletes the user with all interactions, which no count has any more; others keep theirs', async () => {
    const [a, b, gone] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
    await record('ann', 'a', 'a', 'b', 'c');
    await record('bob', 'b', 'a');
    await record('eve', 'a');
    await test.catalogue.removeItems([gone.id]);
    expect([await test.catalogue.userCount(), await test.catalogue.interactionCount()]).toEqual([3, 7]);
    const erasures = await read().erasure.count();
    expect(await test.catalogue.eraseUsers(['eve', 'ann'])).toEqual({
      erasedExternalIds: ['eve', 'ann'],
      unknownExternalIds: [],
      erasedInteractions: 5,
      userErrors: [],
    });
    expect(await read().erasure.count()).toBe(erasures + 2); // by these, other servers know
    expect(await users()).toEqual(['bob']);
    expect(await read().interaction.count()).toBe(2);
    expect(await countsOfItems()).toEqual([1, 1, 0]);
    expect(popular()).toEqual([{ itemId: a.id, share: 1 / 2 }, { itemId: b.id, share: 1 / 2 }]); // prettier-ignore
    expect([await test.catalogue.userCount(), await test.catalogue.interactionCount()]).toEqual([1, 2]);
    expect(await test.catalogue.user('ann')).toBeNull();
  });

  it('names the ids that no user has, each once, so that it can be repeated', async () => {
    await add({ externalId: 'a' });
    await record('ann', 'a');
    const erase = () => test.catalogue.eraseUsers(['nobody', 'ann', 'ann', 'nobody']);
    expect(await erase()).toMatchObject({ erasedExternalIds: ['ann'], unknownExternalIds: ['nobody'], userErrors: [] });
    expect(await erase()).toEqual({
      erasedExternalIds: [],
      unknownExternalIds: ['nobody', 'ann'],
      erasedInteractions: 0,
      userErrors: [],
    });
  });

  it('erases the visitors too who were identified as the user', async () => {
    await add({ externalId: 'a' });
    await test.catalogue.identify('visitor/v', 'ann');
    await record('visitor/v', 'a');
    await record('visitor/w', 'a');
    const erased = { erasedExternalIds: ['ann', 'visitor/v'], unknownExternalIds: [], erasedInteractions: 1 };
    expect(await test.catalogue.eraseUsers(['ann'])).toMatchObject(erased);
    expect(await users()).toEqual(['visitor/w']);
  });

  it('erases a user who has done nothing, and makes no version of the catalogue', async () => {
    await opened.database.write((transaction) => transaction.user.create({ data: { externalId: 'idle' } }));
    const version = await test.catalogue.version();
    expect((await test.catalogue.eraseUsers(['idle'])).erasedExternalIds).toEqual(['idle']);
    expect(await test.catalogue.version()).toBe(version);
  });

  it('goes on where it was cut off, and until then the user is there with what is left', async () => {
    await add({ externalId: 'a' });
    const all = await recordMany('ann', 'a');
    const { database, onInteractions } = test.services;
    const services = {
      database,
      onInteractions: (ids: readonly number[]) => onInteractions(ids).then(() => Promise.reject(new Error('cut off'))),
    };
    await expect(eraseUsers(services, ['ann'])).rejects.toThrow('cut off');
    const left = await read().interaction.count();
    expect([left > 0 && left < all, await users(), await countsOfItems()]).toEqual([true, ['ann'], [left]]);
    expect(await test.catalogue.eraseUsers(['ann'])).toMatchObject({
      erasedExternalIds: ['ann'],
      erasedInteractions: left,
    });
    expect([await read().interaction.count(), await users(), await countsOfItems()]).toEqual([0, [], [0]]);
  });

  it('erases a user once when two ask for it', async () => {
    const [a] = await add({ externalId: 'a' });
    const all = await recordMany('ann', 'a');
    const both = await Promise.all([test.catalogue.eraseUsers(['ann']), test.catalogue.eraseUsers(['ann'])]);
    expect(both.map(({ erasedExternalIds }) => erasedExternalIds.length).sort()).toEqual([0, 1]);
    expect(both[0].erasedInteractions + both[1].erasedInteractions).toBe(all);
    expect([await countsOfItems(), popular()]).toEqual([[0], [{ itemId: a.id, share: 0 }]]);
  });

  it('erases what is recorded meanwhile, or leaves a new user with nothing but what came later', async () => {
    await add({ externalId: 'a' }, { externalId: 'b' });
    const all = await recordMany('ann', 'a');
    const old = await read().user.findFirstOrThrow();
    const [{ erasedInteractions }, ...recorded] = await Promise.all([
      test.catalogue.eraseUsers(['ann']),
      ...Array.from({ length: 20 }, () => record('ann', 'b')),
    ]);
    expect(recorded.map(({ userErrors }) => userErrors)).toEqual(new Array(20).fill([]));
    const left = await read().interaction.findMany();
    expect(erasedInteractions + left.length).toBe(all + 20);
    expect(await countsOfItems()).toEqual([0, left.length]);
    expect(await read().interaction.count({ where: { userId: old.id } })).toBe(0);
    expect(await users()).toEqual(left.length > 0 ? ['ann'] : []);
    await record('ann', 'b');
    expect((await read().user.findFirstOrThrow()).id).toBeGreaterThan(old.id);
  });

  it('forgets the ids of the events too, so that they can be recorded anew', async () => {
    await add({ externalId: 'a' });
    const event = { eventId: 'e', userExternalId: 'ann', itemExternalId: 'a', kind: 'VIEW' as const };
    await test.catalogue.recordInteractions([event]);
    await test.catalogue.eraseUsers(['ann']);
    expect((await test.catalogue.recordInteractions([event])).recorded).toBe(1);
  });
});
