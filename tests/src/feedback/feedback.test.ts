import type { FeedbackKind, ListRecord } from '../../../graphql/feedback/records';
import { DAY_MS } from '../../../models/math/day';
import { Feedback } from '../../../src/feedback/feedback';
import { MAX_PLACEMENTS } from '../../../src/feedback/placement-days';
import { add, describeCatalogue, externalIds, opened, placesOf, test } from '../../support/catalogue-suite';

describeCatalogue('Feedback', () => {
  let feedback: Feedback;
  let itemIds: number[];
  let lists = 0;

  const newFeedback = () =>
    new Feedback({
      database: opened.database,
      attributionMs: 7 * DAY_MS,
      live: test.popularity,
    });

  beforeEach(async () => {
    feedback = newFeedback();
    const items = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
    itemIds = items.map(({ id }) => id);
    await record('ann', 'bob');
  });

  const record = (...users: string[]) =>
    test.catalogue.recordInteractions(
      users.map((userExternalId) => ({ userExternalId, itemExternalId: 'a', kind: 'VIEW' })),
    );
  const idOf = async (user: string) => (await test.catalogue.user(user))!.id;
  const list = (more: Partial<ListRecord> = {}) =>
    feedback.listId({
      key: `list-${lists++}`,
      placement: 'home',
      user: null,
      modelVersionId: 7,
      armId: null,
      madeAt: new Date(),
      itemIds,
      ...more,
    });
  const report = (listId: string, kinds: Partial<Record<FeedbackKind, string[]>>, user: string | null = null) =>
    feedback.record(
      Object.entries(kinds).flatMap(([kind, items]) =>
        items.map((itemExternalId) => ({ listId, itemExternalId, kind: kind as FeedbackKind })),
      ),
      { atomic: true, known: [], user },
    );
  const dismissed = async (user: string) =>
    externalIds(feedback.dismissedItems(await idOf(user), { first: 10, after: null }));
  const figuresOf = async (placement: string, days: number) =>
    (await feedback.placements({ days, isDaily: false })).find(({ name }) => name === placement)?.figures ?? [];
  const names = async () => (await feedback.placements({ days: 1, isDaily: false })).map(({ name }) => name);
  const counts = async (placement = 'home', days = 28) =>
    (await figuresOf(placement, days)).map(({ modelVersionId, lists, clicked, purchased, dismissed }) => ({
      [modelVersionId ?? 'popular']: [lists, clicked.count, purchased.count, dismissed.count],
    }));

  it('records each kind once for an item of a list, and counts each list once', async () => {
    const [first, second] = [await list(), await list()];
    expect(await report(first, { SHOWN: ['a', 'b'], CLICKED: ['a'] })).toEqual({ recorded: 3, userErrors: [] });
    expect(await report(first, { SHOWN: ['a', 'b', 'b', 'c'], CLICKED: ['a', 'b'] })).toMatchObject({ recorded: 2 });
    expect(await report(second, { PURCHASED: ['c'] })).toMatchObject({ recorded: 1 });
    expect(await report(first, { PURCHASED: ['a'] })).toMatchObject({ recorded: 1 });
    expect(await counts()).toEqual([{ 7: [2, 1, 2, 0] }]);
  });

  it('has figures by placement and version, with intervals, the newest version first', async () => {
    for (const placement of ['home', 'cart']) await report(await list({ placement }), { SHOWN: ['a'] });
    await report(await list({ modelVersionId: 8 }), { CLICKED: ['a'] });
    await report(await list({ modelVersionId: null }), { DISMISSED: ['a'] });
    expect(await names()).toEqual(['cart', 'home']);
    expect(await counts()).toEqual([{ 8: [1, 1, 0, 0] }, { 7: [1, 0, 0, 0] }, { popular: [1, 0, 0, 1] }]);
    const [{ clicked, purchased }] = await figuresOf('home', 1);
    expect([clicked, purchased]).toMatchObject([
      { share: 1, low: 1 / (1 + 1.96 ** 2) },
      { share: 0, low: 0 },
    ]); // one of one
    expect(clicked.high).toBeCloseTo(1, 10);
    expect(await counts('nowhere')).toEqual([]);
  });

  it('takes no ID that no server of this database has signed, or that is too old', async () => {
    const listId = await list();
    const [text, ids, signature] = listId.split('.');
    const other = Buffer.from(Buffer.from(text, 'base64url').toString().replace('home', 'cart')).toString('base64url');
    const shorter = `${text}.${ids.slice(0, 6)}.${signature}`;
    for (const wrong of ['list', `${other}.${ids}.${signature}`, text, `${text}.${ids}.`, shorter, `${listId}A`])
      expect((await report(wrong, { SHOWN: ['a'] })).userErrors).toMatchObject([{ code: 'INVALID' }]);
    const old = await list({ madeAt: new Date(Date.now() - 31 * DAY_MS) });
    expect((await report(old, { SHOWN: ['a'] })).userErrors).toMatchObject([{ code: 'OUT_OF_RANGE' }]);
    expect(await names()).toEqual([]);
  });

  it('takes no item that the list did not have, and nothing of a purchase with another kind', async () => {
    const listId = await list({ itemIds: itemIds.slice(0, 2) });
    const money = { value: 5, currency: 'EUR' };
    const outcome = await feedback.record(
      [
        { listId, itemExternalId: 'c', kind: 'CLICKED' },
        { listId, itemExternalId: 'a', kind: 'CLICKED', ...money },
        { listId, itemExternalId: 'a', kind: 'PURCHASED', value: 5 },
        { listId, itemExternalId: 'a', kind: 'PURCHASED', ...money },
      ],
      { atomic: false, known: [], user: null },
    );
    expect(placesOf(outcome)).toEqual([
      ...['INVALID feedback.0.item', 'INVALID feedback.1.value', 'INVALID feedback.1.currency'],
      'INVALID feedback.2.currency',
    ]);
    expect(outcome.recorded).toBe(1);
  });

  it('adds up what purchases bring in, each event ID once, by currency', async () => {
    const listId = await list();
    const bought = (eventId: string, value: number, currency = 'EUR', quantity?: number) =>
      feedback.record([{ listId, itemExternalId: 'a', kind: 'PURCHASED', eventId, value, currency, quantity }], {
        atomic: true,
        known: [],
        user: null,
      });
    for (const eventId of ['1', '1', '2']) await bought(eventId, 10);
    await bought('3', 7, 'USD', 3);
    await report(await list(), { SHOWN: ['a'] });
    const [{ revenue, purchased }] = await figuresOf('home', 1);
    expect(purchased).toMatchObject({ count: 1, share: 1 / 2 });
    expect(revenue).toMatchObject([
      // 20 for one list and 0 for another: the mean of 10 has a standard error of 10 / √2.
      { currency: 'EUR', quantity: 2, total: 20, perList: 10, low: 0, high: 10 + 1.96 * (10 / Math.SQRT2) },
      { currency: 'USD', quantity: 3, total: 7, perList: 3.5 },
    ]);
  });

  it('says what share of the items was shown', async () => {
    await report(await list(), { SHOWN: ['a', 'b'] });
    await report(await list({ madeAt: new Date(Date.now() - DAY_MS) }), { SHOWN: ['b'], CLICKED: ['c'] });
    expect((await figuresOf('home', 2))[0].coverage).toMatchObject({ count: 2, share: 2 / 3 });
    const days = await feedback.placements({ days: 2, isDaily: true });
    expect(days[0].figures.map(({ day, coverage }) => [day!.getTime() % DAY_MS, coverage.count])).toEqual([
      [0, 2],
      [0, 1],
    ]);
    await test.catalogue.removeItems([itemIds[1]]);
    expect((await figuresOf('home', 2))[0].coverage).toMatchObject({ count: 1, share: 1 / 2 });
  });

  it('takes the feedback of a user who has no row yet', async () => {
    const listId = await list({ user: 'visitor/new' });
    expect(await report(listId, { DISMISSED: ['a'] }, 'visitor/other')).toMatchObject({ recorded: 0 });
    expect(await report(listId, { DISMISSED: ['a'] }, 'visitor/new')).toMatchObject({ recorded: 1 });
    expect(await dismissed('visitor/new')).toEqual(['a']);
  });

  it('refuses the whole call for a wrong entry, or that entry alone', async () => {
    const listId = await list();
    const entries = ['a', 'x'].map((itemExternalId) => ({ listId, itemExternalId, kind: 'SHOWN' as const }));
    const userErrors = [
      {
        code: 'NOT_FOUND',
        message: 'item: expected an item of the catalogue, got x; upsertItems adds it',
        field: ['feedback', '1', 'item'],
      },
    ];
    const options = { known: [], user: null };
    expect(await feedback.record(entries, { atomic: true, ...options })).toEqual({ recorded: 0, userErrors });
    expect(await feedback.record(entries, { atomic: false, ...options })).toEqual({ recorded: 1, userErrors });
  });

  it('remembers what a user has dismissed, until it is taken back', async () => {
    const ofAnn = await list({ user: await idOf('ann') });
    await report(ofAnn, { DISMISSED: ['b', 'a'] });
    await report(await list(), { DISMISSED: ['c'] });
    expect((await dismissed('ann')).sort()).toEqual(['a', 'b']);
    expect(await dismissed('bob')).toEqual([]);
    expect(await feedback.undoDismissals('ann', ['b', 'c', 'unknown'])).toEqual({ undone: 1, userErrors: [] });
    expect(await dismissed('ann')).toEqual(['a']);
    await report(ofAnn, { DISMISSED: ['b'] });
    expect(await dismissed('ann')).toEqual(['b', 'a']);
    const nobody = await feedback.undoDismissals('nobody', ['a']);
    expect(nobody.userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['user'] }]);
  });

  it('takes from a storefront token what concerns its own user, or nobody', async () => {
    const [ofAnn, ofBob, ofNobody] = [await list({ user: await idOf('ann') }), await list({ user: await idOf('bob') }), await list()]; // prettier-ignore
    for (const listId of [ofAnn, ofNobody]) expect(await report(listId, { SHOWN: ['a'] }, 'ann')).toMatchObject({ recorded: 1 }); // prettier-ignore
    expect((await report(ofBob, { DISMISSED: ['a'] }, 'ann')).userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect((await report(ofBob, { DISMISSED: ['a'] }, 'nobody')).userErrors).toMatchObject([{ code: 'INVALID' }]);
    expect(await dismissed('bob')).toEqual([]);
  });

  it('forgets an erased user, whose lists count on as those of no user', async () => {
    const ofAnn = await list({ user: await idOf('ann') });
    await report(ofAnn, { SHOWN: ['a'], DISMISSED: ['b'] });
    await test.catalogue.eraseUsers(['ann']);
    const { read } = opened.database;
    expect([await read.feedback.count(), await read.dismissal.count()]).toEqual([0, 0]);
    expect(await report(ofAnn, { DISMISSED: ['c'] })).toEqual({ recorded: 1, userErrors: [] });
    expect(await read.feedback.findMany()).toMatchObject([{ userId: null }]);
    expect(await read.dismissal.count()).toBe(0);
  });

  it('deletes rows of lists whose IDs are no longer valid, and keeps their counts', async () => {
    await report(await list(), { SHOWN: ['a', 'b'], CLICKED: ['a'] });
    const at = new Date(Date.now() - 32 * DAY_MS);
    await opened.database.write(({ feedback }) => feedback.updateMany({ data: { at } }));
    await report(await list(), { SHOWN: ['a'] }); // two old rows go for each new one
    expect(await opened.database.read.feedback.count()).toBe(2);
    await report(await list(), { SHOWN: ['a'] });
    expect(await opened.database.read.feedback.count()).toBe(2);
    expect(await counts()).toEqual([{ 7: [3, 1, 0, 0] }]);
  });

  it('has room for a hundred placements, and for another one when one is removed', async () => {
    const all = Array.from({ length: MAX_PLACEMENTS + 1 }, (_, i) => `place-${String(i).padStart(3, '0')}`);
    const ids = await Promise.all(all.map((placement) => list({ placement })));
    const entries = ids.map((listId) => ({ listId, itemExternalId: 'a', kind: 'SHOWN' as const }));
    const one = { atomic: false, known: [], user: null };
    const outcome = await feedback.record(entries, one);
    expect(outcome).toMatchObject({ recorded: 100, userErrors: [{ code: 'TOO_MANY', field: ['feedback', '100', 'listId'] }] }); // prettier-ignore
    expect(await feedback.removePlacement('place-000')).toEqual({ removedName: 'place-000', userErrors: [] });
    expect(await feedback.removePlacement('place-000')).toEqual({ removedName: null, userErrors: [] });
    expect(await feedback.record(entries.slice(-1), one)).toEqual({ recorded: 1, userErrors: [] });
    expect(await names()).toEqual(all.slice(1));
  });
});
