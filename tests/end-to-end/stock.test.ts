/** The built server over HTTP: items go out of stock, belong to groups, and have mistakes, while lists are made. */
import type { ItemFilterArgs } from '../../graphql/item/records';
import { familyVector } from '../support/little-shop';
import { openLivingShop } from '../support/living-shop';
import { OPERATIONS } from '../support/operations';
import { useOpened } from '../support/use-opened';

const shop = useOpened(openLivingShop);

const upsert = (...items: readonly { readonly externalId: string; readonly [field: string]: unknown }[]) =>
  shop.mutate('upsert-items', { items: items.map((item) => ({ title: item.externalId, ...item })) });

async function listOf(first: number, filter?: ItemFilterArgs, oncePerGroup?: boolean): Promise<string[]> {
  const options = { filter, includeSeen: true, oncePerGroup };
  const asked = { user: 'user-1', first, options };
  const { recommendations } = (await shop.visitor.execute(OPERATIONS.recommendations, asked)).expectData();
  const { nodes } = recommendations;
  expect(nodes.every(({ source }: { source: string }) => ['GENERATED', 'ITEM_HEAD', 'EVIDENCE'].includes(source))).toBe(
    true,
  );
  return nodes.map(({ item }: { item: { externalId: string } }) => item.externalId);
}

describe('a list', () => {
  it('stays full when its first items go out of stock, or their time is over, and has them again afterwards', async () => {
    const [a, b, ...rest] = await listOf(10);
    await upsert(
      { externalId: a, availability: 'OUT_OF_STOCK' },
      { externalId: b, availableUntil: '2020-01-01T00:00:00Z' },
    );
    const without = await listOf(10);
    expect(without).toHaveLength(10);
    expect(without.slice(0, 8)).toEqual(rest);
    expect(await listOf(10, { isAvailable: false, externalIds: [a, b, rest[0]] })).toEqual([rest[0]]);
    await upsert({ externalId: a, availability: 'IN_STOCK' }, { externalId: b, availableUntil: null });
    expect(await listOf(10)).toEqual([a, b, ...rest]);
  });

  it('has one item of a group, and none of a group of which an item is left out', async () => {
    const before = await listOf(10);
    const shirt = before.slice(0, 6);
    await upsert(...shirt.map((externalId) => ({ externalId, groupId: 'shirt' })));
    const list = await listOf(10);
    expect(list).toHaveLength(10);
    const [size, ...others] = list.filter((externalId) => shirt.includes(externalId));
    expect([shirt, others]).toEqual([expect.arrayContaining([size]), []]);
    expect(await listOf(10, {}, false)).toEqual(before);
    const excluded = shirt.find((externalId) => externalId !== size)!;
    const without = await listOf(10, { excludeExternalIds: [excluded] });
    expect(without.filter((externalId) => shirt.includes(externalId))).toEqual([]);
    expect(without).toHaveLength(10);
    const { items } = (
      await shop.visitor.execute('{ items(filter: { groupIds: ["shirt"] }) { nodes { externalId groupId } } }')
    ).expectData();
    expect(items.nodes).toHaveLength(6);
  });

  it('has only items whose attributes pass', async () => {
    const [a, b] = await listOf(10);
    await upsert({ externalId: a, attributes: { litres: 2 } }, { externalId: b, attributes: { litres: 0.5 } });
    expect(await listOf(10, { attributes: [{ name: 'litres', min: 1 }] })).toEqual([a]);
  });
});

describe('a wrong field of an item', () => {
  it.each([
    ['an address that runs a script', { imageUrl: 'java\nscript:alert(1)' }, 'imageUrl'],
    ['a currency that there is not', { price: 1, currency: 'EURO' }, 'currency'],
    ['a currency sign', { price: 1, currency: '€' }, 'currency'],
    [
      'dates that end before they begin',
      { availableFrom: '2030-01-02T00:00:00Z', availableUntil: '2030-01-01T00:00:00Z' },
      'availableUntil',
    ],
  ])('refuses %s with its path, and stores nothing', async (_, fields, name) => {
    const right = { externalId: 'right', title: 'Right', embedding: familyVector(0, 99) };
    const input = { items: [right, { ...right, externalId: 'wrong', ...fields }] };
    const { upsertItems } = (await shop.admin.execute(OPERATIONS['upsert-items'], { input })).expectData();
    expect(upsertItems).toMatchObject({
      ...{ created: 0, catalogueVersion: null },
      userErrors: [
        { code: 'INVALID', field: ['items', '1', name], message: expect.stringContaining(`${name}: expected`) },
      ],
    });
    expect((await shop.visitor.execute('{ item(externalId: "right") { id } }')).expectData().item).toBeNull();
  });
});
