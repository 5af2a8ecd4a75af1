import { recordInteractions } from '../../../src/catalogue/interactions';
import { RequestReads } from '../../../src/storage/request-reads';
import { add, opened, showIn, test, useCatalogue } from '../../support/catalogue-suite';

describe('recordInteractions', () => {
  useCatalogue();
  type Event = Parameters<typeof test.catalogue.recordInteractions>[0][number];
  const event = (userExternalId: string, itemExternalId: string, rest: Partial<Event> = {}): Event => ({
    userExternalId,
    itemExternalId,
    kind: 'VIEW',
    ...rest,
  });
  const record = (...events: Event[]) => test.catalogue.recordInteractions(events);
  const rows = () =>
    opened.database.read.interaction.findMany({ include: { user: true, item: true }, orderBy: { id: 'asc' } });

  it('stores who did what with which item, and when', async () => {
    await add({ externalId: 'a' }, { externalId: 'b' });
    const occurredAt = new Date('2020-05-06T07:08:09Z');
    const begin = new Date();
    await record(event('u', 'b', { eventId: 'e', kind: 'PURCHASE', occurredAt }), event('v', 'a'));
    const [first, second] = await rows();
    expect(first).toMatchObject({ eventId: 'e', kind: 'PURCHASE', occurredAt });
    expect([first.user.externalId, first.item.externalId]).toEqual(['u', 'b']);
    expect([second.user.externalId, second.item.externalId]).toEqual(['v', 'a']);
    expect(second).toMatchObject({ eventId: null, kind: 'VIEW' });
    expect(second.occurredAt.getTime()).toBeGreaterThanOrEqual(begin.getTime());
    expect(second.occurredAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('keeps the value of a rating, and refuses one of another kind', async () => {
    await add({ externalId: 'a' });
    await record(event('u', 'a', { kind: 'RATING', rating: 4.5 }), event('u', 'a', { kind: 'RATING' }), event('u', 'a', { kind: 'LIKE' })); // prettier-ignore
    expect((await rows()).map(({ kind, rating }) => [kind, rating])).toEqual([['RATING', 4.5], ['RATING', null], ['LIKE', null]]); // prettier-ignore
    const { recorded, userErrors } = await record(event('u', 'a', { rating: 5 }));
    expect(recorded).toBe(0);
    expect(userErrors).toMatchObject([{ code: 'INVALID', field: ['interactions', '0', 'rating'] }]);
  });

  it('keeps the order of events without a time when the clock of the server that took the first one is fast', async () => {
    await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' });
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...parts: [] | [number]) {
        super(...((parts.length === 0 ? [RealDate.now() + 60_000] : parts) as [number]));
      }
    } as DateConstructor;
    try {
      await record(event('u', 'c'), event('u', 'a'));
    } finally {
      globalThis.Date = RealDate;
    }
    await record(event('u', 'b'));
    const { id } = await opened.database.read.user.findFirstOrThrow();
    const history = (await new RequestReads(opened.database.hotPath).histories([id])).get(id);
    const names = new Map((await opened.database.read.item.findMany()).map((item) => [item.id, item.externalId]));
    expect(history?.itemIds.map((itemId) => names.get(itemId))).toEqual(['c', 'a', 'b']);
  });

  it('counts the events of each item, the removed among them, on top of those before', async () => {
    const [, , gone] = await add({ externalId: 'a' }, { externalId: 'b' }, { externalId: 'c' }, { externalId: 'd' });
    await test.catalogue.removeItems([gone.id]);
    await record(event('u', 'a'), event('u', 'c'));
    await record(event('u', 'a'), event('u', 'b'), event('u', 'a'), event('u', 'c'));
    const items = await opened.database.read.item.findMany({ orderBy: { id: 'asc' } });
    expect(items.map(({ interactionCount }) => interactionCount)).toEqual([3, 1, 2, 0]);
  });

  it('passes over events that are known by their ids, stored or earlier in the call, and tells of the others alone', async () => {
    const [a, b] = await add({ externalId: 'a' }, { externalId: 'b' });
    const told: number[][] = [];
    const { onInteractions } = test.services;
    const services = {
      ...test.services,
      onInteractions: async (itemIds: readonly number[]) => {
        told.push([...itemIds]);
        await onInteractions(itemIds);
      },
    };
    const call = (...events: Event[]) => recordInteractions(services, events, true, []);
    expect((await call(event('u', 'a', { eventId: '1' }), event('u', 'b'))).recorded).toBe(2);
    const again = await call(
      event('w', 'a', { eventId: '1' }),
      event('v', 'b', { eventId: '2' }),
      event('w', 'b', { eventId: '2' }),
      event('u', 'b'),
      event('u', 'b', { eventId: null }),
    );
    expect(again.recorded).toBe(3);
    expect(told).toEqual([[a.id, b.id], [b.id, b.id, b.id]]); // prettier-ignore
    expect((await rows()).map(({ eventId }) => eventId)).toEqual(['1', null, '2', null, null]);
  });

  it('answers with the users in the order of their first events, those known before among them', async () => {
    await add({ externalId: 'a' });
    const first = await record(event('z', 'a'));
    const { users, userErrors } = await record(event('y', 'a'), event('z', 'a'), event('x', 'a'), event('y', 'a'));
    expect(userErrors).toEqual([]);
    expect(users.map(({ externalId }) => externalId)).toEqual(['y', 'z', 'x']);
    expect(users[1].id).toBe(first.users[0].id);
    expect(await opened.database.read.user.count()).toBe(3);
  });

  it('takes a browser’s event once, also after its visitor has logged in, and not for another user’s of that id', async () => {
    await add({ externalId: 'a' });
    const own = (user: string, eventId = '1') => event(user, 'a', { eventId, isOwnEventId: true });
    for (const other of [own('visitor/v'), own('visitor/v', '3'), own('bob'), event('bob', 'a', { eventId: '1' })])
      expect((await record(other)).recorded).toBe(1);
    await test.catalogue.identify('visitor/v', 'ann');
    expect((await record(own('bob', '3'))).recorded).toBe(1);
    expect((await record(own('ann'), own('ann', '2'), own('ann', '2'))).recorded).toBe(1);
  });

  it('counts a purchase, and no other event, for the list that showed the item', async () => {
    const [{ id }] = await add({ externalId: 'a' });
    const purchases = await showIn('home', 'u', id);
    await record(event('u', 'a'));
    expect(await purchases()).toBe(0);
    await record(event('u', 'a', { kind: 'PURCHASE' }));
    expect(await purchases()).toBe(1);
  });

  it('takes the others when single events are known to be wrong', async () => {
    await add({ externalId: 'a' });
    const known = [{ code: 'INVALID' as const, message: 'eventId: too long', field: ['interactions', '1', 'eventId'] }];
    const events = [event('u', 'a'), event('', 'a'), event('v', 'a'), event('w', 'unknown')];
    const answer = await test.catalogue.recordInteractions(events, false, known);
    expect(answer.recorded).toBe(2);
    expect(answer.userErrors.map(({ field }) => field?.join('.'))).toEqual([
      'interactions.1.eventId',
      'interactions.3.item',
    ]);
  });

  it('refuses an event of the future, which would stay the newest of its history', async () => {
    await add({ externalId: 'a' });
    const hours = (count: number) => new Date(Date.now() + count * 3_600_000);
    const { recorded, userErrors } = await record(event('u', 'a', { occurredAt: hours(25) }));
    expect(recorded).toBe(0);
    expect(userErrors).toMatchObject([{ code: 'OUT_OF_RANGE', field: ['interactions', '0', 'occurredAt'] }]);
    expect(userErrors[0].message).toMatch(
      /^occurredAt: expected a time that has come, got .*; the clock of the server/,
    );
    expect((await record(event('u', 'a', { occurredAt: hours(23) }))).recorded).toBe(1);
  });

  it('tells all that is wrong, each by its place, and records nothing', async () => {
    await add({ externalId: 'a' });
    const { recorded, users, userErrors } = await record(
      event('u', 'a'),
      event(' ', 'nothing'),
      event('u', 'a', { occurredAt: new Date(NaN) }),
    );
    expect({ recorded, users }).toEqual({ recorded: 0, users: [] });
    expect(userErrors.map(({ code, field }) => [code, field?.join('.')])).toEqual([
      ['NOT_FOUND', 'interactions.1.item'],
      ['INVALID', 'interactions.1.user'],
      ['INVALID', 'interactions.2.occurredAt'],
    ]);
    expect(await rows()).toEqual([]);
  });

  it('records the other 999 when one is wrong and the call is not atomic, and names the wrong one', async () => {
    await add({ externalId: 'a' });
    const events = Array.from({ length: 1_000 }, (_, i) => event(i < 500 ? 'u' : 'v', 'a', { eventId: `${i}` }));
    events[7] = event('nobody', 'nothing');
    const { recorded, users, userErrors } = await test.catalogue.recordInteractions(events, false);
    expect([recorded, users.map(({ externalId }) => externalId)]).toEqual([999, ['u', 'v']]);
    expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', field: ['interactions', '7', 'item'] }]);
    expect(await opened.database.read.interaction.count()).toBe(999);
    expect(await opened.database.read.user.count()).toBe(2);
  });
});
