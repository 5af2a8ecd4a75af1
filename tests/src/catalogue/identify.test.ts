import { add, opened, placesOf, showIn, test, useCatalogue } from '../../support/catalogue-suite';

const VISITOR = 'visitor/v';
const AT = new Date('2024-05-06T07:08:09Z');

describe('identify', () => {
  useCatalogue();
  const identify = () => test.catalogue.identify(VISITOR, 'ann');
  const event = (userExternalId: string, itemExternalId: string, kind: 'VIEW' | 'PURCHASE' = 'VIEW') => ({
    ...{ userExternalId, itemExternalId, kind },
    occurredAt: AT,
  });
  const dismiss = (userId: number, itemId: number, at: Date) =>
    opened.database.write(({ dismissal }) => dismissal.create({ data: { userId, itemId, at } }));

  it('gives the user all that the visitor did and saw, counts it as one user’s, and can be repeated', async () => {
    const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
    await test.catalogue.recordInteractions([event(VISITOR, 'a'), event(VISITOR, 'b'), event('ann', 'a'), event('bob', 'a')]); // prettier-ignore
    await showIn('home', VISITOR, a.id);
    await showIn('cart', 'bob', b.id);
    const { read } = opened.database;
    const [visitor, ann, bob] = await read.user.findMany({ orderBy: { id: 'asc' } });
    const earlier = new Date(AT.getTime() - 1);
    await dismiss(visitor.id, a.id, AT);
    await dismiss(visitor.id, b.id, AT);
    await dismiss(ann.id, a.id, earlier);
    await dismiss(bob.id, a.id, AT);
    expect(await identify()).toMatchObject({ user: { id: ann.id }, joinedInteractions: 2, userErrors: [] });
    const ofAnn = { where: { userId: ann.id } };
    const counts = [read.interaction.count(ofAnn), read.list.count(ofAnn), read.feedback.count(ofAnn)];
    expect(await Promise.all(counts)).toEqual([3, 1, 1]);
    expect(await read.dismissal.findMany({ orderBy: [{ userId: 'asc' }, { itemId: 'asc' }] })).toEqual([
      { userId: ann.id, itemId: a.id, at: earlier },
      { userId: ann.id, itemId: b.id, at: AT },
      { userId: bob.id, itemId: a.id, at: AT },
    ]);
    const items = await read.item.findMany({ orderBy: { id: 'asc' } });
    expect(items.map(({ interactionCount }) => interactionCount)).toEqual([3, 1]);
    // Ann and Bob on one day, and Ann; the visitor was somebody else before.
    const shares = [a, b].map(({ id }, i) => ({ itemId: id, share: [2 / 3, 1 / 3][i] }));
    expect(test.popularity.top({ allow: null, deny: new Set(), first: 9 })).toEqual(shares);
    expect(await identify()).toMatchObject({ joinedInteractions: 0, userErrors: [] });
    await test.catalogue.recordInteractions([event(VISITOR, 'b')]);
    expect(await identify()).toMatchObject({ joinedInteractions: 1 });
  });

  it('counts a purchase of either for a list that the other was shown', async () => {
    const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
    const purchases = [await showIn('home', 'ann', a.id), await showIn('cart', VISITOR, b.id)];
    const counts = () => Promise.all(purchases.map((count) => count()));
    const occurredAt = new Date();
    await test.catalogue.recordInteractions([
      { ...event(VISITOR, 'a', 'PURCHASE'), occurredAt },
      { ...event('ann', 'b', 'PURCHASE'), occurredAt },
    ]);
    expect(await counts()).toEqual([0, 0]);
    await identify();
    expect(await counts()).toEqual([1, 1]);
  });

  it('makes both where there is neither, so that lists of the visitor are the user’s from now on', async () => {
    expect(await identify()).toMatchObject({ user: { externalId: 'ann' }, joinedInteractions: 0, userErrors: [] });
    const visitor = await opened.database.read.user.findUnique({ where: { externalId: VISITOR } });
    const ann = await test.catalogue.user('ann');
    expect(visitor).toMatchObject({ identifiedId: ann!.id, identifiedAt: expect.any(Date) });
  });

  it('gives more events than one transaction takes', async () => {
    await add({ externalId: 'a' });
    await test.catalogue.recordInteractions(new Array(501).fill(event(VISITOR, 'a')));
    expect(await identify()).toMatchObject({ joinedInteractions: 501 });
    expect(await test.catalogue.item('a')).toMatchObject({ interactionCount: 501 });
  });

  it('takes no blank user, and no visitor for one', async () => {
    for (const user of [' ', 'visitor/w'])
      expect(placesOf(await test.catalogue.identify(VISITOR, user))).toEqual(['INVALID user']);
    expect(await opened.database.read.user.count()).toBe(0);
  });
});
