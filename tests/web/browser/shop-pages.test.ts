/** Items, users and recommendations in a real browser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { insertRows } from '../../../src/storage/bulk-rows';
import { openDatabase } from '../../../src/storage/database';
import { insertedItem } from '../../../src/storage/item-columns';
import { until } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { addItem, type ConsoleShop } from '../../support/console-shop';
import { holdAnswers } from '../../support/held-answers';
import { OPERATIONS } from '../../support/operations';

describeInBrowser("the console's pages of the shop", () => {
  const opened = consoleInBrowser();

  /** Asks for a list of the user, and reports on it. */
  const reportOn = async (
    placement: string,
    externalId: string,
    kinds: Readonly<Record<string, readonly string[]>>,
  ) => {
    const { admin } = opened.shop;
    const variables = { user: externalId, placement, first: 100, options: { includeSeen: true } };
    const { listId } = (await admin.execute(OPERATIONS.recommendations, variables)).expectData().recommendations;
    const feedback = Object.entries(kinds).flatMap(([kind, items]) =>
      items.map((externalId) => ({ listId, item: { externalId }, kind })),
    );
    (await admin.execute(OPERATIONS['record-feedback'], { input: { feedback } })).expectData();
  };

  it('keeps what a table shows in its address, and back brings it back', async () => {
    const page = await opened.open('/items');
    await page.getByRole('textbox', { name: 'Search items' }).fill('4 item');
    await page.getByText('9 items').waitFor();
    await page.getByRole('button', { name: 'Price' }).click();
    await page.waitForURL('**/items?q=4+item&sort=price&order=desc');
    const firstRow = page.getByRole('table', { name: 'Items' }).getByRole('row').nth(1);
    await firstRow.getByRole('link', { name: 'Item 47' }).click(); // waits until the sorted rows are there
    await page.getByRole('heading', { name: 'Item 47', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Item 47' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Search items' }).inputValue()).toBe('4 item');
  });

  it('narrows the items to categories that it offers, to brands, prices and what was added since a day', async () => {
    const items = [
      { externalId: 'branded-1', title: 'Branded one', brand: 'North, Ltd', price: 2 },
      { externalId: 'branded-2', title: 'Branded two', brand: 'South', price: 1234.5 },
      { externalId: 'branded-3', title: 'Branded three', brand: 'West' },
    ];
    await opened.shop.admin.execute(OPERATIONS['upsert-items'], { input: { items } });
    const page = await opened.open('/items?q=item+4');
    const categories = page.getByRole('combobox', { name: 'Categories' });
    await categories.click();
    await page.getByRole('option', { name: 'family 2 2' }).click();
    await page.waitForURL('**/items?q=item+4&categories=family%25202');
    await page.getByText('2 items').waitFor();
    await categories.press('Backspace');
    await categories.fill('no such family');
    await categories.press('Enter');
    await page.getByText('No item passes these filters').waitFor();
    await page.getByRole('link', { name: 'Drop all filters' }).click();
    const brands = page.getByRole('combobox', { name: 'Brands' });
    for (const brand of ['North, Ltd', 'South']) {
      await brands.fill(brand);
      await brands.press('Enter');
    }
    await page.getByText('2 items', { exact: true }).waitFor();
    const lowest = page.getByRole('textbox', { name: 'Lowest price' });
    await lowest.pressSequentially('1234,5');
    await page.getByText('1 item', { exact: true }).waitFor();
    await lowest.fill('1e3');
    await page.getByText('Write a price such as 1234.50').waitFor();
    await page.getByLabel('Added since').fill('2020-02-29');
    await page.waitForURL(/brands=North%252C%2520Ltd%2CSouth&since=2020-02-29/);
    await page.reload();
    await page.getByText('2 items', { exact: true }).waitFor();
    await page.getByLabel('Added since').fill('2999-01-01');
    await page.getByText('No item passes these filters').waitFor();
  });

  it('shows what others have changed as soon as one comes back', async () => {
    const page = await opened.open('/items?q=elsewhere');
    await page.getByText('No item passes these filters').waitFor();
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await addItem(opened.shop, 'from-elsewhere');
    await page.goBack();
    await page.getByRole('link', { name: 'from-elsewhere' }).waitFor();
    await page.getByText('1 item', { exact: true }).waitFor();
    // And while it is shown, its reader is told.
    await addItem(opened.shop, 'more-from-elsewhere');
    await page.getByRole('button', { name: 'Load it anew' }).click();
    await page.getByRole('link', { name: 'more-from-elsewhere' }).waitFor();
  });

  it('comes back to the row from which an item was opened', async () => {
    const page = await opened.open('/items');
    await page.getByRole('link', { name: 'Item 1', exact: true }).waitFor();
    await page.evaluate('window.scrollTo(0, 800)');
    const before = Number(await page.evaluate('window.scrollY'));
    expect(before).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Item 25' }).click();
    await page.getByRole('heading', { name: 'Item 25', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Item 25' }).waitFor();
    await until(page, `window.scrollY === ${before}`);
  });

  it('adds an item, changes it, removes it and takes the removal back', async () => {
    const page = await opened.open('/add-items');
    await page.getByRole('button', { name: 'Add the item' }).click();
    await page.getByText('An item needs an ID.').waitFor();
    await page.getByLabel('ID').fill('item-1');
    await page.getByLabel('Title').fill('Brand new lamp');
    await page.getByLabel('Price').pressSequentially('0.99');
    await page.getByRole('button', { name: 'Add the item' }).click();
    await page.getByText('Another item has this ID.').waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('Brand new lamp');
    await page.getByLabel('ID').fill('lamp');
    await page.getByRole('button', { name: 'Add the item' }).click();
    await page.getByRole('heading', { name: 'Brand new lamp', level: 1 }).waitFor();
    await page.getByText('0.99', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Title').fill('Brand new red lamp');
    await dialog.getByLabel('Price').fill('');
    await dialog.getByLabel('Price').pressSequentially('7.50');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Brand new red lamp', level: 1 }).waitFor();
    await page.getByText('7.50', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByText('Brand new red lamp').waitFor();
    await page.getByRole('button', { name: 'Remove 1 item' }).click();
    await page.getByText('It is not recommended.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('can be recommended again').waitFor();
    await page.getByText('It is not recommended.').waitFor({ state: 'hidden' });
  });

  it('stores the good rows of a file, and says of each other row what is wrong, also in a file', async () => {
    const page = await opened.open('/add-items?how=many');
    const csv =
      'id,title,price\nbulk-1,Bulk one,2.50\nbulk-2,,3\nitem-2,Another title,1\nbulk-3,Bulk three,cheap\nbulk-4,Bulk four,4\n';
    await page.setInputFiles('input[type=file]', { name: 'items.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByText('bulk-2 has no title.').waitFor();
    await page.getByText('bulk-3: price is not a number').waitFor();
    await page.getByRole('button', { name: 'Store 3 items' }).click();
    await page.getByText('2 items added, 1 changed, 0 as before').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the rows with a fault' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('faulty-rows.csv');
    expect(readFileSync(await download.path(), 'utf8')).toContain('bulk-2,,3,bulk-2 has no title.');
    expect(await page.getByRole('textbox', { name: 'Items as CSV or JSONL' }).inputValue()).toBe(csv);
    await page.getByRole('link', { name: 'Look at the items' }).click();
    await page.getByRole('link', { name: 'Bulk four' }).waitFor();
  });

  it('shows the pictures of items in tables, and whether they are in stock', async () => {
    const imageUrl = `${opened.shop.url}/favicon.svg`;
    const items = [
      { externalId: 'pictured', title: 'Pictured', imageUrl, availability: 'OUT_OF_STOCK' },
      { externalId: 'elsewhere', title: 'Pictured elsewhere', imageUrl: 'https://cdn.example/a.png' },
    ];
    (await opened.shop.admin.execute(OPERATIONS['upsert-items'], { input: { items } })).expectData();
    const page = await opened.open('/items?q=pictured', /cdn\.example/); // the policy admits no other server
    const table = page.getByRole('table', { name: 'Items' });
    await table.getByText('Out of stock').waitFor();
    await until(
      page,
      `(() => {
      const pictures = [...document.querySelectorAll('[role=table] img, table img')];
      return pictures.length === 1 && pictures[0].naturalWidth > 0;
    })()`,
    );
    await page.getByText('Not now').click();
    await page.getByText('1 item', { exact: true }).waitFor();
  });

  it('adds the items of a file on every page until it is stopped', async () => {
    const page = await opened.openTab('/add-items?how=many'); // which would ask before the file is left

    const text = page.getByRole('textbox', { name: 'Items as CSV or JSONL' });
    const rows = Array.from({ length: 600 }, (_, i) => `long-${i},Long ${i},1`);
    const buffer = Buffer.from(['id,title,price', ...rows].join('\n'));
    await page.setInputFiles('input[type=file]', { name: 'long.csv', mimeType: 'text/csv', buffer });
    const release = await holdAnswers(page, 'UpsertItems');
    await page.getByRole('button', { name: 'Store 600 items' }).click();
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('status').getByText('0 of 600 items').waitFor();
    expect(await text.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await release();
    await page.getByText('You stopped it.').waitFor();
    await page.getByText(/^\d+ items added/).waitFor();
    await text.fill('id,title\ntyped-2,Typed two\n');
    await page.getByRole('button', { name: 'Store 1 item', exact: true }).waitFor();
    const sheet = { name: 'shop.xlsx', mimeType: 'text/csv', buffer: Buffer.alloc(300_000) };
    await page.setInputFiles('input[type=file]', sheet);
    await page.getByText('shop.xlsx is not a text in UTF-8.').waitFor();
  });

  it('records what a user does, and the list changes', async () => {
    const page = await opened.open('/users/user-5');
    const first = page.getByRole('list', { name: 'Recommendations' }).getByRole('link').first();
    const title = (await first.textContent()) ?? '';
    await page.getByRole('combobox', { name: 'Item' }).fill(title);
    await page.getByRole('option', { name: new RegExp(`^${title} item-`) }).click();
    await page.getByRole('button', { name: 'Record' }).click();
    await page.getByText('Left the list:').waitFor();
    expect(await first.textContent()).not.toBe(title);
    await page.getByText('7 interactions').waitFor();
  });

  it('shows what became of lists, by placement and model version, and removes a placement', async () => {
    await reportOn('cart/below', 'user-5', { SHOWN: ['item-1'] });
    await reportOn('cart/below', 'user-5', { SHOWN: ['item-1'], CLICKED: ['item-1'] });
    const page = await opened.open('/placements');
    const row = page.getByRole('row').filter({ hasText: 'cart/below' });
    await row.getByRole('link', { name: 'Version 1' }).waitFor();
    expect(await row.getByTitle(/^1 list; 95 % interval 9\.\d+% to 90\.5%$/).innerText()).toMatch(/^50%/);
    await page.getByLabel('Days', { exact: true }).selectOption('Today');
    await page.waitForURL('**/placements?days=1');
    await row.getByRole('link', { name: 'cart/below' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Remove the placement' }).click();
    await page.getByText('The placement “cart/below” is removed.').waitFor();
    await page.getByRole('heading', { name: 'What lists earn', level: 1 }).waitFor();
    await row.waitFor({ state: 'detached' });
  });

  it('shows what a user has dismissed, and takes it back', async () => {
    const page = await opened.open('/users/user-6');
    await page.getByRole('heading', { name: 'History' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Dismissed' }).count()).toBe(0);
    await reportOn('home', 'user-6', { DISMISSED: ['item-1'] });
    await opened.open('/users/user-6');
    await page.getByRole('button', { name: 'Take back that Item 1 was dismissed' }).click();
    await page.getByText('“Item 1” may be recommended again.').waitFor();
    await page.getByRole('heading', { name: 'Dismissed' }).waitFor({ state: 'detached' });
  });

  it('erases a user once that is confirmed, and leads to the other users', async () => {
    const page = await opened.open('/users');
    await page.getByRole('link', { name: 'user-9', exact: true }).click();
    await page.getByRole('button', { name: 'Erase' }).click();
    const dialog = page.getByRole('dialog', { name: 'Erase the user?' });
    await dialog.getByText(/^The user user-9 and \d+ interactions are deleted\./).waitFor();
    await page.getByRole('button', { name: 'Erase the user' }).click();
    await page.getByText(/^User user-9 is erased, with \d+ interactions\.$/).waitFor();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'user-8', exact: true }).waitFor();
    await page.getByRole('link', { name: 'user-9', exact: true }).waitFor({ state: 'hidden' });
    const { user } = (await opened.shop.admin.execute('{ user(externalId: "user-9") { id } }')).expectData();
    expect(user).toBeNull();
  });

  it('says why an item is recommended, code by code with what else was likely', async () => {
    const page = await opened.open('/recommendations');
    await page.getByRole('combobox', { name: 'User', exact: true }).fill('user-1');
    await page.getByRole('option', { name: 'user-1', exact: true }).click();
    await page.getByRole('button', { name: /^Why / }).first().click();
    await page.getByText(/Decoder (< )?\d/).waitFor();
    await page.waitForURL(/why=item-/);
  });

  it('records an interaction once where the first answer was lost', async () => {
    const page = await opened.open('/users/user-2', /ERR_FAILED/);
    await page.getByRole('combobox', { name: 'Item' }).fill('item-7');
    await page.getByRole('option', { name: 'Item 7 item-7', exact: true }).click();
    let isLost = false;
    await page.route('**/graphql', async (route) => {
      if (isLost || !route.request().postData()?.includes('recordInteractions')) return route.continue();
      isLost = true;
      await route.fetch();
      await route.abort();
    });
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByText('It may have done it or not').waitFor();
    const query = '{ user(externalId: "user-2") { interactionCount } }';
    const before = (await opened.shop.admin.execute(query, {})).expectData();
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.getByText('Recorded: bought “Item 7”.').waitFor();
    await page.unroute('**/graphql');
    expect((await opened.shop.admin.execute(query, {})).expectData()).toEqual(before);
  });

  it('makes lists for a history that was made up, under two settings side by side', async () => {
    const page = await opened.open('/recommendations?for=history&history=item-4,item-8');
    await page
      .getByRole('button', { name: /^Add Item \d+ to the history$/ })
      .first()
      .click();
    await page.waitForURL(/history=item-4%2Citem-8%2Citem-/);
    await page.getByRole('button', { name: 'Compare two lists' }).click();
    await page.getByRole('list', { name: 'List B' }).getByText(/place/).first().waitFor();
  });

  it('turns pages forward and back, also those of a search, and calls an item without a title by its ID', async () => {
    const items = Array.from({ length: 150 }, (_, i) => ({ externalId: `paged-${i}`, title: `Paged ${i}` }));
    await insertItems(opened.shop, [...items, { externalId: 'untitled', title: '' }]); // as an import may bring it
    const page = await opened.open('/items?q=paged&sort=title');
    const firstRow = page.getByRole('table', { name: 'Items' }).getByRole('row').nth(1);
    const firstIs = (title: string) => firstRow.getByRole('link', { name: title, exact: true }).waitFor();
    await firstIs('Paged 0');
    await page.getByRole('button', { name: 'Forward', exact: true }).click();
    await firstIs('Paged 54'); // as texts sort
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await firstIs('Paged 0');
    await page.goBack(); // to the end of the second page, where its reader was
    await page.getByRole('link', { name: 'Paged 99', exact: true }).waitFor();
    await opened.open('/items?sort=title');
    await page.getByRole('link', { name: 'untitled', exact: true }).click();
    await page.getByRole('heading', { name: 'untitled', level: 1 }).waitFor();
  });
});

async function insertItems({ dir }: ConsoleShop, items: Parameters<typeof insertedItem>[0][]): Promise<void> {
  const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
  await database.write((transaction) =>
    insertRows(
      transaction,
      'Item',
      items.map((item) => insertedItem(item)),
    ),
  );
  await database.dispose();
}
