/** The built server over HTTP: what is in a list, what is not and why, while items go out of stock, and as the list was before. */
import type { ItemFilterArgs } from '../../graphql/item/records';
import { familyVector } from '../support/little-shop';
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
/** A list that a model has made. */
async function modelList(first: number, filter?: ItemFilterArgs, oncePerGroup?: boolean): Promise<string[]> {
  const nodes = await nodesOf(first, { filter, includeSeen: true, oncePerGroup });
  expect(nodes.filter(({ source }) => !['GENERATED', 'ITEM_HEAD', 'EVIDENCE'].includes(source))).toEqual([]);
  return nodes.map(({ item }) => item.externalId);
}
const upsert = (...items: readonly { readonly externalId: string; readonly [field: string]: unknown }[]) =>
  shop.mutate('upsert-items', { items: items.map((item) => ({ title: item.externalId, ...item })) });
const changesOf = ({ wouldHelp }: Payload) => wouldHelp.map(({ change }: { readonly change: string }) => change);

describe('a list', () => {
  it('stays full when its first items go out of stock, or their time is over, and has them again afterwards', async () => {
    const [a, b, ...rest] = await modelList(10);
    await upsert(
      { externalId: a, availability: 'OUT_OF_STOCK' },
      { externalId: b, availableUntil: '2020-01-01T00:00:00Z' },
    );
    const without = await modelList(10);
    expect(without).toHaveLength(10);
    expect(without.slice(0, 8)).toEqual(rest);
    expect(await modelList(10, { isAvailable: false, externalIds: [a, b, rest[0]] })).toEqual([rest[0]]);
    await upsert({ externalId: a, availability: 'IN_STOCK' }, { externalId: b, availableUntil: null });
    expect(await modelList(10)).toEqual([a, b, ...rest]);
  });

  it('has one item of a group, and none of a group of which an item is left out', async () => {
    const before = await modelList(10);
    const shirt = before.slice(0, 6);
    await upsert(...shirt.map((externalId) => ({ externalId, groupId: 'shirt' })));
    const list = await modelList(10);
    expect(list).toHaveLength(10);
    const [size, ...others] = list.filter((externalId) => shirt.includes(externalId));
    expect([shirt, others]).toEqual([expect.arrayContaining([size]), []]);
    expect(await modelList(10, {}, false)).toEqual(before);
    const excluded = shirt.find((externalId) => externalId !== size)!;
    const without = await modelList(10, { excludeExternalIds: [excluded] });
    expect(without.filter((externalId) => shirt.includes(externalId))).toEqual([]);
    expect(without).toHaveLength(10);
    const { items } = (
      await shop.visitor.execute('{ items(filter: { groupIds: ["shirt"] }) { nodes { externalId groupId } } }')
    ).expectData();
    expect(items.nodes).toHaveLength(6);
    await upsert(...shirt.map((externalId) => ({ externalId, groupId: null })));
  });

  it('has only items whose attributes pass', async () => {
    const [a, b] = await modelList(10);
    await upsert({ externalId: a, attributes: { litres: 2 } }, { externalId: b, attributes: { litres: 0.5 } });
    expect(await modelList(10, { attributes: [{ name: 'litres', min: 1 }] })).toEqual([a]);
  });

  it('gets no item with a wrong field: it is named with its path, and none of the call is stored', async () => {
    const right = { externalId: 'right', title: 'Right', embedding: familyVector(0, 99) };
    const wrong = [{ imageUrl: 'java\nscript:alert(1)' }, { price: 1, currency: 'EURO' }, { price: 1, currency: '€' }];
    const items = [right, ...wrong.map((fields, n) => ({ ...right, externalId: `wrong ${n}`, ...fields }))];
    const { userErrors, ...stored } = await shop.mutate('upsert-items', { items });
    expect(stored).toMatchObject({ created: 0, catalogueVersion: null });
    expect(userErrors.map(({ code, field }: Payload) => [code, ...field].join(' '))).toEqual(
      ['1 imageUrl', '2 currency', '3 currency'].map((path) => `INVALID items ${path}`),
    );
    expect((await shop.visitor.execute('{ item(externalId: "right") { id } }')).expectData().item).toBeNull();
  });
});

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
    await upsert({ externalId: first, availability: 'OUT_OF_STOCK' });
    expect(await why(first)).toMatchObject({ reasons: ['UNAVAILABLE'], place: 1 });
    await upsert(
      { externalId: first, availability: 'IN_STOCK', groupId: 'shirt' },
      { externalId: second, groupId: 'shirt' },
    );
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

async function listAsOf(asOf?: object): Promise<Payload> {
  const asked = { user: USER, first: 10, asOf };
  const operation = asOf === undefined ? 'recommendations' : 'replay';
  return (await shop.admin.execute(OPERATIONS[operation], asked)).expectData().recommendations;
}

const rankedIn = ({ nodes }: Payload) =>
  nodes.map(({ item, score }: Payload) => ({ item: item.externalId, score: expect.closeTo(score, 4) }));
const itemsIn = ({ nodes }: Payload) => nodes.map(({ item, score }: Payload) => ({ item: item.externalId, score }));

describe('a list of the past', () => {
  it('is the one that the user had before the history, the items and their codes changed', async () => {
    const before = await listAsOf();
    const time = new Date().toISOString();
    const [first, second] = before.nodes.map(({ item }: Payload) => item);
    await shop.mutate('record-interactions', {
      interactions: [{ eventId: 'later', user: { externalId: USER }, item: { externalId: first.externalId } }],
    });
    await shop.mutate('remove-items', { items: [{ externalId: second.externalId }] });
    await shop.mutate('reassign-semantic-ids', {
      assignments: [{ item: { externalId: before.nodes[2].item.externalId }, codes: [7, 7] }],
    });
    await shop.mutate('upsert-items', {
      items: [{ externalId: 'newcomer', title: 'Newcomer', embedding: familyVector(1, 999) }],
    });
    const now = await listAsOf();
    expect(now.catalogueVersion).toBeGreaterThan(before.catalogueVersion);
    expect(itemsIn(now)).not.toEqual(rankedIn(before));
    for (const asOf of [{ time }, { catalogueVersion: before.catalogueVersion, time }]) {
      const then = await listAsOf(asOf);
      expect(itemsIn(then)).toEqual(rankedIn(before));
      expect(then).toMatchObject({
        catalogueVersion: before.catalogueVersion,
        modelVersion: before.modelVersion,
        replayed: { time, notReplayed: expect.arrayContaining([expect.stringContaining('stock')]) },
      });
    }
    expect(itemsIn(await listAsOf())).toEqual(rankedIn(now)); // the live version is as it was
  });

  it('is refused to others than admins, and of a time before there was anything', async () => {
    const asked = { user: USER, asOf: { time: new Date().toISOString() } };
    expect((await shop.visitor.execute(OPERATIONS.replay, asked)).expectErrors()).toEqual(['FORBIDDEN']);
    const early = { user: USER, asOf: { time: '2020-01-01T00:00:00.000Z' } };
    expect((await shop.admin.execute(OPERATIONS.replay, early)).expectErrors()).toEqual(['BAD_USER_INPUT']);
  });
});

describe('compareVersions', () => {
  it('finds no difference between a version and itself, and counts what its lists have', async () => {
    const asked = { modelVersion: shop.modelVersionId, users: 12, first: 5, seed: 3 };
    const compare = async () =>
      (await shop.admin.execute(OPERATIONS['compare-versions'], asked)).expectData().compareVersions;
    const found = await compare();
    expect(found).toMatchObject({ users: 12, overlap: 1, sameFirst: 1, meanShift: 0, mostChanged: [] });
    expect(found.active).toEqual(found.other);
    expect(found.active.modelVersion.id).toBe(shop.modelVersionId);
    expect(found.active.items).toBeGreaterThanOrEqual(5);
    expect(await compare()).toEqual(found);
    expect((await shop.visitor.execute(OPERATIONS['compare-versions'], asked)).expectErrors()).toEqual(['FORBIDDEN']);
  });
});
