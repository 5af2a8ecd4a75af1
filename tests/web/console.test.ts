/** The console in a real browser, served by the built server, with a little shop and a live model. */
import type { Browser, Page } from 'playwright-core';

import { describeInBrowser, openBrowser, openPage, seriousFindings } from '../support/browser';
import { type ConsoleShop, openConsoleShop } from '../support/console-shop';

/** What Chromium writes when the server is gone or says no, which these tests bring about. */
const SERVER_IS_GONE = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket/;
const KEY_IS_REFUSED = /401|WebSocket/;
const MAX_FIRST_PAGE_BYTES = 250_000;

describeInBrowser('the console', () => {
  let shop: ConsoleShop;
  let browser: Browser;

  beforeAll(async () => {
    [shop, browser] = await Promise.all([openConsoleShop(), openBrowser()]);
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await shop.dispose();
  });

  it.each([
    ['/', 'Overview', 'Popularity'],
    ['/items', 'Items', 'Item 0'],
    ['/items/item-1', 'Item 1', 'Neighbours'],
    ['/items/add', 'Add items', 'Add the item'],
    ['/items/add?how=many', 'Add items', 'Choose a file'],
    ['/users', 'Users', 'user-0'],
    ['/users/user-1', 'User user-1', 'History'],
    ['/recommendations', 'Recommendations', 'For whom?'],
    ['/recommendations?user=user-1&compare=1', 'Recommendations', 'List B'],
    ['/training', 'Training', 'tiny'],
    ['/models', 'Models', 'Version 1'],
    ['/api', 'API', 'Subscription'],
    ['/semantic-ids', 'Semantic IDs', 'All items'],
    ['/semantic-ids?view=codebooks', 'Semantic IDs', 'perplexity'],
    ['/semantic-ids?view=collisions', 'Semantic IDs', 'Collisions'],
    ['/semantic-ids?view=reassign', 'Semantic IDs', 'Which items?'],
    ['/keys', 'Keys', 'New key'],
    ['/nowhere', 'Page not found', 'Go to the overview'],
  ])(
    'shows %s without errors, and nothing serious to axe, at two widths in both colour schemes',
    async (path, title, text) => {
      const { page, close } = await openPage(browser, shop.url);
      await page.goto(path);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.getByText(text).first().waitFor();
      await page.waitForLoadState('networkidle');
      expect(await page.title()).toMatch(/ · tigerql$/);
      for (const [width, colorScheme] of [
        [1440, 'light'],
        [1440, 'dark'],
        [390, 'dark'],
        [390, 'light'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
        expect(await seriousFindings(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      }
      await close();
    },
    60_000,
  );

  it('loads its first page with little JavaScript, compressed', async () => {
    const { page, close } = await openPage(browser, shop.url);
    let bytes = 0;
    page.on('response', async (response) => {
      if (response.url().endsWith('.js')) bytes += Number(response.headers()['content-length']);
    });
    await page.goto('/');
    await page.getByText('Popularity').first().waitFor();
    await page.waitForLoadState('networkidle');
    await close();
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(MAX_FIRST_PAGE_BYTES);
  });

  it('shows everything readable without a key, and says at once that a key is wrong', async () => {
    const { page, close } = await openPage(browser, shop.url, { key: null });
    await page.goto('/items');
    await page.getByRole('link', { name: 'Item 0' }).waitFor();
    await page.getByRole('button', { name: 'Add items' }).click();
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.getByRole('textbox', { name: 'Key' }).fill('no-such-key-at-all');
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await dialog.getByText('The server does not know this key.').waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Key' }).inputValue()).toBe('no-such-key-at-all');
    await dialog.getByRole('textbox', { name: 'Key' }).fill('end-to-end-admin-key');
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await page.getByRole('button', { name: 'Admin key' }).waitFor();
    await close(KEY_IS_REFUSED);
  });

  it('keeps what a table shows in its address, and back brings it back', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/items');
    await page.getByRole('textbox', { name: 'Search titles' }).fill('Item 1');
    await page.getByText('11 items').waitFor();
    await page.getByRole('button', { name: 'Price' }).click();
    await page.waitForURL('**/items?q=Item+1&sort=price&order=desc');
    const first = page.getByRole('table', { name: 'Items' }).getByRole('link').first();
    await page.getByRole('link', { name: 'Item 19' }).waitFor();
    expect(await first.textContent()).toBe('Item 19');
    await first.click();
    await page.getByRole('heading', { name: 'Item 19', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Item 19' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Search titles' }).inputValue()).toBe('Item 1');
    await close();
  });

  it('comes back to the row from which an item was opened', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/items');
    await page.getByRole('link', { name: 'Item 1', exact: true }).waitFor();
    await page.evaluate('window.scrollTo(0, 800)');
    const before = Number(await page.evaluate('window.scrollY'));
    expect(before).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Item 25' }).click();
    await page.getByRole('heading', { name: 'Item 25', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Item 25' }).waitFor();
    await page.waitForFunction(`window.scrollY === ${before}`);
    await close();
  });

  it('adds an item, changes it, removes it and takes the removal back', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/items/add');
    await page.getByRole('button', { name: 'Add the item' }).click();
    await page.getByText('An item needs an ID.').waitFor();
    await page.getByLabel('ID').fill('item-1');
    await page.getByLabel('Title').fill('Brand new lamp');
    await page.getByRole('button', { name: 'Add the item' }).click();
    await page.getByText(/item-1.*(exists|there already|DUPLICATE|already)/i).waitFor();
    expect(await page.getByLabel('Title').inputValue()).toBe('Brand new lamp');
    await page.getByLabel('ID').fill('lamp');
    await page.getByRole('button', { name: 'Add the item' }).click();
    await page.getByRole('heading', { name: 'Brand new lamp', level: 1 }).waitFor();

    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Title').fill('Brand new red lamp');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Brand new red lamp', level: 1 }).waitFor();

    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByText('Brand new red lamp').waitFor();
    await page.getByRole('button', { name: 'Remove 1 item' }).click();
    await page.getByText('It is not recommended.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('can be recommended again').waitFor();
    await page.getByText('It is not recommended.').waitFor({ state: 'hidden' });
    await close();
  });

  it('adds the good rows of a file, and says of each other row what is wrong', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/items/add?how=many');
    const csv =
      'id,title,price\nbulk-1,Bulk one,2.50\nbulk-2,,3\nitem-2,There already,1\nbulk-3,Bulk three,cheap\nbulk-4,Bulk four,4\n';
    await page.setInputFiles('input[type=file]', { name: 'items.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
    await page.getByText('bulk-2 has no title.').waitFor();
    await page.getByText('bulk-3: the price is not a number.').waitFor();
    await page.getByRole('button', { name: 'Add 3 items' }).click();
    await page.getByText('2 items added').waitFor();
    await page.getByRole('row', { name: /^4 .*item-2/ }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Items as CSV or JSONL' }).inputValue()).toBe(csv);
    await page.getByRole('link', { name: 'Look at the items' }).click();
    await page.getByRole('link', { name: 'Bulk four' }).waitFor();
    await close();
  });

  it('records what a user does, and the list changes', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/users/user-5');
    const first = page.getByRole('list', { name: 'Recommendations' }).getByRole('link').first();
    const title = (await first.textContent()) ?? '';
    await page.getByRole('combobox', { name: 'Item' }).fill(title);
    await page.getByRole('option', { name: title, exact: true }).click();
    await page.getByRole('button', { name: 'Record' }).click();
    await page.getByText('Left the list:').waitFor();
    expect(await first.textContent()).not.toBe(title);
    await page.getByText('7 interactions').waitFor();
    await close();
  });

  it('says why an item is recommended, code by code with what else was likely', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/recommendations');
    await page.getByRole('combobox', { name: 'User' }).fill('user-1');
    await page.getByRole('option', { name: 'user-1', exact: true }).click();
    await page.getByRole('button', { name: /^Why / }).first().click();
    await page.getByText(/Decoder \d/).waitFor();
    await page.waitForURL(/why=item-/);
    await page.reload();
    await page.getByText(/Decoder \d/).waitFor();
    await close();
  });

  it('makes lists for a history that was made up, under two settings side by side', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/recommendations?for=history&history=item-4,item-8');
    await page
      .getByRole('button', { name: /^Add Item \d+ to the history$/ })
      .first()
      .click();
    await page.waitForURL(/history=item-4%2Citem-8%2Citem-/);
    await page.getByRole('button', { name: 'Compare two settings' }).click();
    await page.getByRole('list', { name: 'List B' }).getByText(/place/).first().waitFor();
    await close();
  });

  it('compares two versions, activates one, and puts the former one back in two clicks', async () => {
    await trainTiny(shop, 2);
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/models?a=1&b=2&all=1');
    const figures = page.getByRole('table', { name: 'Figures of both versions' });
    await figures.getByText('baseline.popularity.ndcg@10', { exact: true }).waitFor();
    await figures
      .getByText(/to .*(higher|lower|not told apart)/)
      .first()
      .waitFor();
    expect(await page.getByText('floor.').count()).toBe(0);
    await page.getByRole('button', { name: 'Activate version 2' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Activate version 2' }).click();
    await page.getByText('Version 2 makes the recommendations.').waitFor();

    await page.getByRole('button', { name: 'Put version 1 back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Activate version 1' }).click();
    await page.getByText('Version 1 makes the recommendations.').waitFor();
    await page
      .getByRole('link', { name: /^the training of/ })
      .first()
      .click();
    await page.getByRole('img', { name: 'Loss by step, 1 curves' }).waitFor();
    await close();
  }, 120_000);

  it('trains from the browser, shows the curves as they grow, and stops a training', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/training');
    await page.getByRole('img', { name: 'Loss by step, 1 curves' }).waitFor();
    await start(page, 'tiny');
    await page.getByRole('list', { name: 'Log' }).getByText('Learning histories').waitFor();
    await page.getByRole('heading', { name: 'Training now' }).waitFor({ state: 'hidden' });
    const jobs = page.getByRole('table', { name: 'Trainings' });
    await jobs.getByRole('row').nth(1).getByText('Done').waitFor();
    for (const row of [1, 2]) await jobs.getByRole('row').nth(row).getByRole('checkbox').check();
    await page.getByRole('img', { name: 'Loss by step, 2 curves' }).waitFor();
    await page.getByLabel('Figure').selectOption('Loss of the codebooks');
    await page.waitForURL(/metric=tokenizer.loss/);
    await page.reload();
    await page.getByRole('img', { name: 'Loss of the codebooks by step, 2 curves' }).waitFor();

    await start(page, 'demo');
    await page.getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('button', { name: 'Stop the training' }).click();
    await jobs.getByText('Stopped').waitFor();
    await close();
  }, 120_000);

  it('runs documents and follows a subscription with the key of the tab, and finds a type in the schema', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/api?operation=items');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('region', { name: 'Answer' }).getByText('"item-1"').waitFor();
    await page
      .getByRole('textbox', { name: 'Document' })
      .fill('subscription Changes { catalogueChanges { kind itemCount } }');
    await page.waitForURL(/document=subscription/);
    await page.reload();
    await page.getByLabel('Variables').fill('{');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('The variables are not JSON').waitFor();
    await page.getByLabel('Variables').fill('');
    await page.getByLabel('Variables').press('Control+Enter');
    await page.getByText('Waiting for the answer…').waitFor();
    await addItem(shop, 'followed');
    await page.getByRole('region', { name: 'Answer' }).getByText('ITEMS_ADDED').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByLabel('Search the schema').fill('collisiontoken');
    await page.getByText('type SemanticId {').waitFor();
    await close();
  });

  it('opens a code of the trie, and back closes it', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/semantic-ids');
    await page.getByRole('img', { name: 'The trie below its root; the list beside it says the same' }).waitFor();
    await page.getByRole('list', { name: 'Codes that follow' }).getByRole('button').first().click();
    await page.waitForURL(/prefix=\d+$/);
    await page.getByRole('img', { name: /^The trie below \d+;/ }).click({ position: { x: 240, y: 100 } });
    await page.goBack();
    await page.getByText('Codebooks', { exact: true }).click();
    await page.getByRole('img', { name: 'Use of the codes of level 0' }).waitFor();
    await page
      .getByText(/dead code/)
      .first()
      .waitFor();
    await close();
  });

  it('shows what a reassignment would do, refuses it when the shop moved on, does it and takes it back', async () => {
    const { page, close } = await openPage(browser, shop.url);
    const codes = await codesOf(shop, 'item-3');
    const other = (await codesOf(shop, 'item-30')).slice(0, -1);
    await page.goto('/semantic-ids?view=reassign');
    await page.getByRole('combobox', { name: 'Add an item' }).fill('item-3');
    await page.getByRole('option', { name: 'Item 3', exact: true }).click();
    await page.getByRole('textbox', { name: 'Codes' }).fill(other.join(' '));
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('1 item would change').waitFor();
    await page.getByText('Collisions made').waitFor();
    expect(await codesOf(shop, 'item-3')).toEqual(codes);

    await addItem(shop, 'moved-on');
    await page.getByRole('button', { name: 'Apply to 1 item' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Apply to 1 item' }).click();
    await page.getByText('1 item reassigned.').waitFor();
    expect((await codesOf(shop, 'item-3')).slice(0, -1)).toEqual(other);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The items have their former semantic IDs again.').waitFor();
    expect(await codesOf(shop, 'item-3')).toEqual(codes);
    await close();
  });

  it('makes a key, shows it once, and revokes it', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/keys');
    await page.getByLabel('Name').fill('till');
    await page.getByRole('radio', { name: 'Writer' }).check();
    await page.getByRole('button', { name: 'Create the key' }).click();
    const secret = (await page.getByLabel('Secret').textContent()) ?? '';
    expect(await roleOf(shop, secret)).toBe('WRITER');
    await page.getByRole('button', { name: 'Hide the key' }).click();
    expect(await page.getByText(secret).count()).toBe(0);
    await page.getByRole('button', { name: 'Revoke till' }).click();
    await page.getByRole('button', { name: 'Revoke the key' }).click();
    await page.getByText('The key “till” is revoked.').waitFor();
    expect(await roleOf(shop, secret)).toBeUndefined();
    await page.getByLabel('ID of a key').fill('no-such-id');
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByRole('button', { name: 'Revoke the key' }).click();
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await close();
  });

  it('says that the server is gone, and shows news by itself when it is back', async () => {
    const { page, close } = await openPage(browser, shop.url);
    await page.goto('/');
    await page.getByRole('status').getByText('Live').waitFor();
    await shop.kill();
    await page.getByText('The connection to the server is lost.').waitFor();
    await shop.restart();
    await page.getByRole('status').getByText('Live').waitFor();
    await page.getByText('The connection to the server is lost.').waitFor({ state: 'hidden' });
    const items = [{ externalId: 'after', title: 'After the restart' }];
    await shop.admin.execute(
      'mutation Add($items: [NewItem!]!) { addItems(input: { items: $items }) { catalogueVersion } }',
      { items },
    );
    await page.getByText('1 item added').first().waitFor();
    await close(SERVER_IS_GONE);
  }, 60_000);
});

async function start(page: Page, preset: string): Promise<void> {
  await page.getByRole('button', { name: 'Start a training' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start a training' });
  await dialog.getByRole('radio', { name: preset }).check();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Makes version `number`, which does not become active by itself. */
async function trainTiny({ admin }: ConsoleShop, number: number): Promise<void> {
  const input = { preset: 'tiny', seed: number, activateWhenBetter: false };
  const progress = admin.subscribe('subscription Ended { trainingProgress { phase } }');
  await admin.execute('mutation Train($input: StartTrainingInput!) { startTraining(input: $input) { job { id } } }', {
    input,
  });
  while (!JSON.stringify(await progress.next()).includes('DONE'));
  await progress.dispose();
}

async function addItem({ admin }: ConsoleShop, externalId: string): Promise<void> {
  const items = [{ externalId, title: externalId }];
  await admin.execute('mutation Add($items: [NewItem!]!) { addItems(input: { items: $items }) { catalogueVersion } }', {
    items,
  });
}

async function codesOf({ admin }: ConsoleShop, externalId: string): Promise<number[]> {
  const query = 'query Codes($externalId: String!) { item(externalId: $externalId) { semanticId { codes } } }';
  const { item } = (await admin.execute(query, { externalId })).expectData() as {
    item: { semanticId: { codes: number[] } };
  };
  return item.semanticId.codes;
}

/** @returns What the server lets the holder of a key do; undefined when it does not know the key. */
async function roleOf({ url }: ConsoleShop, secret: string): Promise<string | undefined> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query: '{ viewer { role } }' }),
  });
  const { data } = (await response.json()) as { data?: { viewer: { role: string } } };
  return data?.viewer.role;
}
