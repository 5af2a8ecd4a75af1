/** Keys, the API and the connection in a real browser. */
import { SERVER_IS_GONE } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { roleOf } from '../../support/console-shop';
import { holdPageCode } from '../../support/held-answers';

/** Chromium writes this when the server says no. */
const KEY_IS_REFUSED = /401|WebSocket/;

/** Chromium may write this when a page closes a connection that is still being opened. */
const WEBSOCKET_IS_CLOSED = /WebSocket/;

describeInBrowser("the console's access to the server", () => {
  const opened = consoleInBrowser();

  it('shows a visitor a list and its reasons in one click, or by 15 presses of Tab', async () => {
    const page = await opened.open('/', { key: null });
    const first = page.getByRole('link', { name: 'See a list, and why' });
    await first.waitFor();
    let tabs = 0;
    for (; tabs < 15 && (await first.and(page.locator(':focus')).count()) === 0; tabs++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'List' }).getByText('Item head', { exact: false }).first().waitFor();
    await page.getByText(/^Because they|Nothing of the history alone/).waitFor();
  });

  it('shows everything readable without a key, and says at once that a key is wrong', async () => {
    const page = await opened.open('/items', { key: null, expected: KEY_IS_REFUSED });
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
  });

  it('shows nothing more of a key that is forgotten, also while the server hangs', async () => {
    const page = await opened.open('/users', { expected: WEBSOCKET_IS_CLOSED });
    const user = page.getByRole('link', { name: 'user-0', exact: true });
    await user.waitFor();
    await page.route('**/graphql', () => undefined);
    await page.getByRole('button', { name: 'Admin key' }).click();
    await page.getByRole('menuitem', { name: 'Forget this key' }).click();
    await user.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByText('Admins see the keys').waitFor();
  });

  it('marks a page as busy while the code of the next one is on its way', async () => {
    const page = await opened.open('/');
    await page.getByText('Popularity').first().waitFor();
    const arrive = await holdPageCode(page, 'training-page');
    await page.getByRole('link', { name: 'Training' }).first().click();
    await page.locator('main[aria-busy=true]').getByRole('progressbar', { name: 'Loading the page' }).waitFor();
    await arrive();
    await page.getByRole('heading', { name: 'Training', level: 1 }).waitFor();
    await page.locator('main[aria-busy=false]').waitFor();
  });

  it('shows the secrets of new keys where they are made, and keeps them until they are hidden', async () => {
    const page = await opened.open('/keys');
    const create = page.getByRole('button', { name: 'Create the key' });
    for (const name of ['one', 'two']) {
      await page.getByLabel('Name').fill(name);
      await create.click();
      await page
        .getByRole('status')
        .filter({ hasText: `The key “${name}”` })
        .and(page.locator(':focus'))
        .waitFor();
    }
    expect(await page.getByLabel('Secret').count()).toBe(2);
    const isAsked = page.waitForEvent('dialog');
    const reload = page.reload();
    await (await isAsked).accept();
    await reload;
  });

  it('makes a key, shows it once, lists it, revokes it, and says who did that', async () => {
    const page = await opened.open('/keys');
    const row = page.getByRole('table', { name: 'Keys' }).getByRole('row', { name: /^till/ });
    await page.getByLabel('Name').fill('till');
    await page.getByRole('radio', { name: 'Writer' }).check();
    await page.getByLabel('Last day').fill('2099-12-31');
    await page.getByRole('button', { name: 'Create the key' }).click();
    const secret = (await page.getByLabel('Secret').textContent()) ?? '';
    expect(await roleOf(opened.shop, secret)).toBe('WRITER');
    await row.getByText('Writer').waitFor();
    await row.getByText(/^in \d+ years$/).waitFor();
    await page.getByRole('button', { name: 'Hide the key' }).click();
    expect(await page.getByText(secret).count()).toBe(0);
    await row.getByRole('button', { name: 'Revoke till' }).click();
    await page.getByRole('button', { name: 'Revoke the key' }).click();
    await page.getByText('The key “till” is revoked.').waitFor();
    expect(await roleOf(opened.shop, secret)).toBeUndefined();
    await row.getByText('revoked').waitFor();
    await page.getByRole('table', { name: 'Changes with keys' }).getByText('revokeApiKey').first().waitFor();
  });

  it('makes a key where the browser has no clipboard, as over plain HTTP', async () => {
    const page = await opened.newPage();
    await page.addInitScript(
      `Object.defineProperty(navigator, 'clipboard', { value: undefined }); crypto.randomUUID = undefined;`,
    );
    await page.goto('/keys');
    await page.getByLabel('Name').fill('plain');
    await page.getByRole('button', { name: 'Create the key' }).click();
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('The key is selected: press Ctrl + C.').waitFor();
    expect(await page.evaluate('String(getSelection())')).toBe(await page.getByLabel('Secret').textContent());
  });

  it('says that the keys could not be loaded where the server fails, and not that their reader is no admin', async () => {
    const page = await opened.newPage({ expected: /500/ });
    await page.route('**/graphql', (route) => route.fulfill({ status: 500, body: 'broken' }));
    await page.goto('/keys');
    await page.getByRole('alert').getByText('The keys could not be loaded').waitFor();
    expect(await page.getByText('Admins see the keys').count()).toBe(0);
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByRole('table', { name: 'Keys', exact: true }).getByText('Admin').first().waitFor();
  });

  it('shows the documents with what to copy', async () => {
    const page = await opened.open('/api?operation=remove-items');
    await page.getByRole('region', { name: 'Document', exact: true }).getByText('mutation RemoveItems').waitFor();
    await page.getByRole('region', { name: 'Variables' }).getByText('"input": {}').waitFor();
    await page.getByRole('region', { name: 'Command' }).getByText("-H 'authorization: Bearer YOUR_KEY'").waitFor();
    await page.getByLabel('Shared document').selectOption('catalogue-changes');
    await page.waitForURL('**/api?operation=catalogue-changes');
    await page.getByRole('region', { name: 'Document', exact: true }).getByText('subscription').first().waitFor();
    expect(await page.getByRole('region', { name: 'Command' }).count()).toBe(0);
  });

  it('says that the server is gone, and shows news by itself when it is back', async () => {
    const page = await opened.open('/', { expected: SERVER_IS_GONE });
    await page.getByRole('status').getByText('Live').waitFor();
    await opened.shop.kill();
    await page.getByText('The connection to the server is lost.').waitFor();
    await opened.shop.restart();
    await page.getByRole('status').getByText('Live').waitFor();
    await page.getByText('The connection to the server is lost.').waitFor({ state: 'hidden' });
    const items = [{ externalId: 'after', title: 'After the restart' }];
    const add = 'mutation Add($items: [NewItem!]!) { upsertItems(input: { items: $items }) { catalogueVersion } }';
    const { upsertItems } = (await opened.shop.admin.execute(add, { items })).expectData() as {
      upsertItems: { catalogueVersion: number };
    };
    const change = page.getByRole('listitem').filter({ hasText: '1 item added' });
    await change.getByText(String(upsertItems.catalogueVersion), { exact: true }).waitFor();
  });
});
