import { KIND_RULES } from '../../../models/data/kinds';
import { Trending } from '../../../src/recommend/trending';
import { weighKinds } from '../../../src/storage/item-counts';
import { createTestCatalogue } from '../../support/catalogue';
import { describeOnBoth } from '../../support/postgres';

const HOUR = 3_600_000;

describeOnBoth('Trending', (opened) => {
  it('counts each user once an item and day, in the window alone', async () => {
    const { catalogue } = createTestCatalogue(opened);
    const items = ['a', 'b', 'c', 'old'].map((externalId) => ({ externalId, title: externalId }));
    await catalogue.upsertItems(items, true);
    const event = (userExternalId: string, itemExternalId: string, hoursAgo: number) => {
      const occurredAt = new Date(Date.now() - hoursAgo * HOUR);
      return { userExternalId, itemExternalId, kind: 'VIEW' as const, occurredAt };
    };
    await catalogue.recordInteractions([
      // One caller with many events, all within a minute.
      ...Array.from({ length: 50 }, (_, n) => event('bot', 'b', n / 3_000)),
      ...['ann', 'bob', 'cat'].map((user) => event(user, 'a', 0.1)),
      ...['ann', 'bob', 'cat', 'dan', 'eve'].map((user) => event(user, 'c', 100)),
      ...['ann', 'bob', 'cat', 'dan', 'eve', 'fay'].map((user) => event(user, 'old', 800)),
      event('ann', 'b', -5), // a clock that is fast
    ]);
    const trending = new Trending(opened.database.read);
    const titles = async (window: 'DAY' | 'WEEK') => {
      const ranking = await trending.ranking(window);
      expect(ranking.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      const rows = await opened.database.read.item.findMany();
      return ranking.map(({ itemId }) => rows.find(({ id }) => id === itemId)!.title);
    };
    expect(await titles('DAY')).toEqual(['a', 'b']);
    expect(await titles('WEEK')).toEqual(['c', 'a', 'b']);
  });

  it('counts a day of a user by the weightiest kind, and leaves out what counts nothing', async () => {
    const { catalogue } = createTestCatalogue(opened);
    await opened.database.write((transaction) => transaction.interaction.deleteMany());
    await weighKinds(opened.database, { ...KIND_RULES, LIKE: { weight: 0, hidesItem: false } });
    const kinds = { a: ['VIEW', 'PURCHASE', 'VIEW'], b: ['CART'], c: ['LIKE'] } as const;
    const occurredAt = new Date(Date.now() - HOUR / 60);
    const events = Object.entries(kinds).flatMap(([itemExternalId, ofItem]) =>
      ofItem.map((kind) => ({ userExternalId: 'ann', itemExternalId, kind, occurredAt })),
    );
    await catalogue.recordInteractions(events);
    const ranking = await new Trending(opened.database.read).ranking('DAY');
    expect(ranking.map(({ share }) => share)).toEqual([100 / 150, 50 / 150]);
  });
});
