/** Keys, the API and the connection in a real browser. */
import type { Browser } from 'playwright-core';

import { describeInBrowser, openBrowser, openPage } from '../../support/browser';
import { addItem, type ConsoleShop, openConsoleShop, roleOf } from '../../support/console-shop';

/** What Chromium writes when the server is gone or says no, which these tests bring about. */
const SERVER_IS_GONE = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|WebSocket/;
const KEY_IS_REFUSED = /401|WebSocket/;

describeInBrowser("the console's access to the server", () => {
  let shop: ConsoleShop;
  let browser: Browser;

  beforeAll(async () => {
    [shop, browser] = await Promise.all([openConsoleShop(), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.dispose();
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
  });
});
