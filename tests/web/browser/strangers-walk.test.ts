/** What a stranger meets in a real browser: an empty shop, titles that no layout expects, keys and servers that go while one types. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';

import { describeInBrowser, openBrowser, openPage, SERVER_IS_GONE } from '../../support/browser';
import { consoleInBrowser } from '../../support/console-in-browser';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../../support/server-process';

const LONG = 'word '.repeat(60) + 'x'.repeat(140);
const RIGHT_TO_LEFT = 'כוס תה (אדומה) 250 מ״ל';

describeInBrowser('the console of an empty shop', () => {
  let dir: string;
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tigerql-empty-'));
    [server, browser] = await Promise.all([startServerProcess(dir), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await rm(dir, { recursive: true });
  });

  it.each([
    ['/', 'Add your own items'],
    ['/items', 'The shop has no items'],
    ['/items/gone', 'No item has the ID gone'],
    ['/users', 'Nobody has done anything so far'],
    ['/users/gone', 'No user has the ID gone'],
    ['/recommendations', 'For whom?'],
    ['/semantic-ids', 'Go to the training'],
    ['/semantic-ids?view=codebooks', 'Go to the training'],
    ['/semantic-ids?view=collisions', 'Go to the training'],
    ['/semantic-ids?view=reassign', 'Go to the training'],
    ['/training', 'Nothing was trained yet'],
    ['/models', 'There is no model yet'],
    ['/keys', 'New key'],
    ['/api', 'Subscription'],
  ])('says on %s what is missing, and what to do', async (path, text) => {
    const { page, close } = await openPage(browser, server.url);
    await page.goto(path);
    await page.getByRole('main').getByText(text).first().waitFor();
    await page.waitForLoadState('networkidle');
    await close();
  });
});

describeInBrowser('what was typed', () => {
  const opened = consoleInBrowser();

  it('stays while the server is killed and comes back, and is saved then', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url);
    await page.goto('/items/item-1');
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Brand').fill('Typed while it was killed');
    await opened.shop.kill();
    await page.getByText('The connection to the server is lost.').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The server does not answer.').waitFor();
    await opened.shop.restart();
    await page.getByText('The connection to the server is lost.').waitFor({ state: 'hidden' });
    await page.waitForLoadState('networkidle');
    expect(await dialog.getByLabel('Brand').inputValue()).toBe('Typed while it was killed');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Typed while it was killed').first().waitFor();
    await close(SERVER_IS_GONE);
  });

  it('stays while its key is revoked, and is saved with another', async () => {
    const create = 'mutation Create($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKeyId } }';
    const input = { name: 'short', role: 'ADMIN' };
    const { createApiKey } = (await opened.shop.admin.execute(create, { input })).expectData() as {
      createApiKey: { secret: string; apiKeyId: string };
    };
    const { page, close } = await openPage(opened.browser, opened.shop.url, { key: null });
    await page.goto('/items/item-2');
    await page.evaluate(`sessionStorage.setItem('tigerql.key', ${JSON.stringify(createApiKey.secret)})`);
    await page.reload();
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Brand').fill('Typed with a key that went');
    const revoke =
      'mutation Revoke($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { userErrors { message } } }';
    (await opened.shop.admin.execute(revoke, { input: { apiKeyId: createApiKey.apiKeyId } })).expectData();
    await dialog.getByRole('button', { name: 'Save' }).click();
    const keys = page.getByRole('dialog', { name: 'API key' });
    await keys.getByText('The server does not accept this key any more.').waitFor();
    await keys.getByRole('textbox', { name: 'Key' }).fill(ADMIN_KEY);
    await keys.getByRole('button', { name: 'Use this key' }).click();
    await keys.waitFor({ state: 'hidden' });
    await page.waitForLoadState('networkidle');
    expect(await dialog.getByLabel('Brand').inputValue()).toBe('Typed with a key that went');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Typed with a key that went').first().waitFor();
    await close(/401|WebSocket/);
  });
});

describeInBrowser('titles that no layout expects', () => {
  const opened = consoleInBrowser();

  it.each([390, 1440])('fit into every page at %s pixels', async (width) => {
    const items = [
      { externalId: `long-${width}`, title: LONG, brand: 'x'.repeat(120), categories: ['y'.repeat(120)] },
      { externalId: `right-${width}`, title: RIGHT_TO_LEFT, brand: 'חנות', categories: ['כלי בית'] },
    ];
    const add = 'mutation Add($items: [NewItem!]!) { addItems(input: { items: $items }) { userErrors { message } } }';
    expect((await opened.shop.admin.execute(add, { items })).expectData()).toEqual({ addItems: { userErrors: [] } });
    const { page, close } = await openPage(opened.browser, opened.shop.url, { viewport: { width, height: 900 } });
    for (const path of [
      '/',
      '/items?order=desc',
      `/items/long-${width}`,
      `/items/right-${width}`,
      `/recommendations?for=history&history=long-${width},right-${width}`,
      '/semantic-ids',
    ]) {
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForLoadState('networkidle');
      expect([path, await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')]).toEqual([
        path,
        0,
      ]);
    }
    await close();
  });
});
