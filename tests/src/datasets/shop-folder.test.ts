import { join } from 'node:path';

import { openShopFolder } from '../../../src/datasets/shop-folder';
import { collect } from '../../support/collect';
import { itRefuses, SHOP, useFolder, type Files } from '../../support/dataset-files';

describe('openShopFolder', () => {
  const write = useFolder();

  const open = (dir: string) => openShopFolder(dir, join(dir, 'items.csv'));

  async function readAll(files: Files) {
    const source = await open(write(files));
    return { items: await collect(source.items()), sequences: await collect(source.sequences()) };
  }

  it("reads quoted titles, times as UTC, and a customer's events oldest first with ties as filed", async () => {
    const { items, sequences } = await readAll(SHOP);
    expect(items.map(({ externalId, title, price }) => [externalId, title, price])).toEqual([
      ['10A', 'Teapot, red', 1.25],
      ['20', 'Spoon', null],
    ]);
    expect(sequences).toEqual([
      {
        userExternalId: '1',
        itemExternalIds: ['10A', '20', '20'],
        times: ['2011-10-30T00:00Z', '2011-10-31T12:25Z', '2011-10-31T12:25Z'].map(Date.parse),
      },
      { userExternalId: '2', itemExternalIds: ['10A'], times: [Date.parse('2011-11-01T09:00:30Z')] },
    ]);
  });

  it.each([
    ['brand,categories', '"Brewco",Kitchen > Tea', 'Brewco', ['Kitchen', 'Tea']],
    ['brand,categories', ',Kitchen|Tea', null, ['Kitchen', 'Tea']],
    ['brand,categories', ',', null, []],
    ['category,color', 'Kitchen,red', undefined, ['Kitchen']],
  ])('reads brand and categories where there are such columns (%s: %s)', async (columns, cells, brand, categories) => {
    const source = await open(
      write({ ...SHOP, 'items.csv': `stock_code,description,price,${columns}\n1,Pot,1,${cells}\n` }),
    );
    const [item] = await collect(source.items());
    expect([item.brand, item.categories]).toEqual([brand, categories]);
  });

  it('reads a shop that has no events yet, with the names of fields for columns', async () => {
    const { items, sequences } = await readAll({ 'items.csv': 'ID,title,description\n1,Pot,Large\n2,Jug,\n' });
    expect(sequences).toEqual([]);
    expect(items).toEqual([
      { externalId: '1', title: 'Pot', description: 'Large', vector: null },
      { externalId: '2', title: 'Jug', description: null, vector: null },
    ]);
  });

  it('reads all fields of an item but those that nest', async () => {
    const columns = 'brand,currency,url,image_url,availability,available_from,available_until,group_id';
    const cells = 'B,EUR,https://a.example/1,https://a.example/1.png,PREORDER,2026-12-01,2026-12-24T18:00+01,pots';
    const [item] = await collect(
      (
        await open(write({ ...SHOP, 'items.csv': `stock_code,description,price,${columns}\n1,Pot,1,${cells}\n` }))
      ).items(),
    );
    expect(item).toMatchObject({
      ...{ brand: 'B', currency: 'EUR', url: 'https://a.example/1', imageUrl: 'https://a.example/1.png' },
      ...{ availability: 'PREORDER', availableFrom: new Date('2026-12-01T00:00Z'), groupId: 'pots' },
      availableUntil: new Date('2026-12-24T17:00Z'),
    });
  });

  it.each([
    ['12.50', 12.5],
    ['007', 7],
    ['.5', 0.5],
    ['5.', 5],
    ['" "', null],
    ['\u00a0', null],
  ])('reads the price %j', async (cell, price) => {
    const [item] = await collect((await open(write(items(`1,x,${cell}`)))).items());
    expect(item.price).toBe(price);
  });

  const items = (row: string): Files => ({ ...SHOP, 'items.csv': `stock_code,description,price\n${row}` });
  const field = (name: string, cell: string): Files => ({
    ...SHOP,
    'items.csv': `stock_code,description,price,available_from,${name}\n10A,Pot,1,2026-12-01,${cell}`,
  });
  const events = (rows: string): Files => ({ ...SHOP, 'events.csv': `customer_id,stock_code,timestamp\n${rows}` });

  itRefuses([
    ['a bad price', items('1,x,free'), 'items.csv', 2, /price: .*"free"/],
    ...['0x10', '1e3', '-1.5', '1 000'].map((price) =>
      [`the price ${price}`, items(`1,x,${price}`), 'items.csv', 2, /^price: expected a plain decimal number/] as const),
    ['a currency sign', items('1,x,€1.50'), 'items.csv', 2, /^price: expected a plain decimal number.*without a currency, got "€1.50"/],
    ['an unknown currency', field('currency', 'EURO'), 'items.csv', 2, /^currency: expected a currency code/],
    ['a script', field('url', 'javascript:alert(1)'), 'items.csv', 2, /^url: expected an address/],
    ['an unknown availability', field('availability', 'soon'), 'items.csv', 2, /^availability: expected one of IN_STOCK/],
    ['an end before the beginning', field('available_until', '2026-11-30'), 'items.csv', 2, /^availableUntil: expected a time after/],
    ['31 February', events('1,20,2011-02-31'), 'events.csv', 2, /timestamp: expected a date/],
    ['a decimal comma', items('1,x,"1.000,25"'), 'items.csv', 2, /price: expected a decimal point.*decimal comma in "1.000,25"/],
  ]); // prettier-ignore
});
