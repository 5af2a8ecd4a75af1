/** The built server over HTTP: why a list does not have an item, against the lists themselves. */
import { openLivingShop } from '../support/living-shop';
import { OPERATIONS } from '../support/operations';
import type { Payload } from '../support/trained-shop';
import { useOpened } from '../support/use-opened';

const USER = 'user-1';
const NUM_ITEMS = 48;

const shop = useOpened(openLivingShop);

type Options = Readonly<Record<string, unknown>>;

async function why(item: string, options: Options = {}, first = 5): Promise<Payload> {
  return (await shop.visitor.execute(OPERATIONS['why-not'], { user: USER, item, first, options })).expectData().whyNot;
}

async function nodesOf(first: number, options: Options = {}): Promise<Payload[]> {
  const asked = { user: USER, first, options };
  return (await shop.visitor.execute(OPERATIONS.recommendations, asked)).expectData().recommendations.nodes;
}

const listOf = async (first: number, options: Options = {}): Promise<string[]> =>
  (await nodesOf(first, options)).map(({ item }) => item.externalId);
const upsert = (externalId: string, fields: object) =>
  shop.mutate('upsert-items', { items: [{ externalId, title: externalId, ...fields }] });
const changesOf = ({ wouldHelp }: Payload) => wouldHelp.map(({ change }: { readonly change: string }) => change);

describe('whyNot', () => {
  it('ranks an item as a list of all items does, and has the scores of that list', async () => {
    const all = await nodesOf(NUM_ITEMS, { includeSeen: true });
    expect(all).toHaveLength(NUM_ITEMS);
    for (const { item, score, rank } of [all[0], all[17], all[NUM_ITEMS - 1]]) {
      const found = await why(item.externalId, { includeSeen: true });
      expect(found).toMatchObject({ rank, reasons: [rank <= 5 ? 'LISTED' : 'LESS_LIKELY'] });
      expect(found.score).toBeCloseTo(score, 4);
    }
  });

  it('says which list would be long enough for an item that is less likely', async () => {
    const item = (await listOf(20))[11];
    const found = await why(item);
    expect(found).toMatchObject({ reasons: ['LESS_LIKELY'], place: null, beam: null });
    expect(found.score).toBeLessThan(found.lastScore);
    const [{ change, text }] = found.wouldHelp;
    expect(change).toBe('LONGER_LIST');
    const length = Number(/\d+/.exec(text)![0]);
    expect(await listOf(length, { beamWidth: 200 })).toContain(item);
  });

  it('names the conditions of the filter that an item does not meet, and its place without them', async () => {
    const [item] = await listOf(5);
    const filter = { categories: ['nothing'], minPrice: 0, excludeExternalIds: [item] };
    const found = await why(item, { filter });
    expect(found).toMatchObject({ reasons: ['FILTER'], conditions: ['categories', 'excludeExternalIds'], place: 1 });
    expect(changesOf(found)).toEqual(['DROP_CONDITION']);
    expect(found.wouldHelp[0].text).toContain('number 1');
  });

  it('says what the user did, has dismissed, and all that hides an item at once', async () => {
    const { user } = (
      await shop.admin.execute(
        '{ user(externalId: "user-1") { history(first: 1) { nodes { kind occurredAt item { externalId } } } } }',
      )
    ).expectData();
    const [{ kind, occurredAt, item }] = user.history.nodes;
    const seen = await why(item.externalId);
    expect(seen).toMatchObject({ reasons: expect.arrayContaining(['SEEN']), seen: { kind, at: occurredAt } });
    expect(changesOf(seen)).toContain('INCLUDE_SEEN');
    expect((await why(item.externalId, { includeSeen: true })).reasons).not.toContain('SEEN');
    const both = await why(item.externalId, { filter: { brands: ['none'] } });
    expect(both.reasons.slice(0, 2)).toEqual(['FILTER', 'SEEN']);
  });

  it('says that an item is out of stock, removed, or stands behind another of its group', async () => {
    const [first, second, third] = await listOf(5);
    await upsert(first, { availability: 'OUT_OF_STOCK' });
    expect(await why(first)).toMatchObject({ reasons: ['UNAVAILABLE'], place: 1 });
    await upsert(first, { availability: 'IN_STOCK', groupId: 'shirt' });
    await upsert(second, { groupId: 'shirt' });
    const listed = (await listOf(5)).find((item) => [first, second].includes(item))!;
    const hidden = listed === first ? second : first;
    const found = await why(hidden);
    expect(found).toMatchObject({ reasons: ['GROUP'], groupItem: { externalId: listed } });
    expect(await listOf(5, { oncePerGroup: false })).toContain(hidden);
    await shop.mutate('remove-items', { items: [{ externalId: third }] });
    expect(await why(third)).toMatchObject({ reasons: ['REMOVED'], score: null, place: null });
    expect(await why('nothing like it')).toBeNull();
  });
});
