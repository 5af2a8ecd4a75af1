/** Keys, the API and the connection in a real browser, also keys and servers that go while somebody types. */
import type { Page } from 'playwright-core';

import { SERVER_IS_GONE, until, visit } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { cancelTraining, type ConsoleShop, roleOf, startLongTraining } from '../../support/console-shop';
import { holdPageCode } from '../../support/held-answers';
import { ADMIN_KEY } from '../../support/server-process';
import { mutateWith } from '../../support/trained-shop';

/** Chromium writes this when the server says no. */
const KEY_IS_REFUSED = /401|WebSocket/;
/** Chromium may write this when a page closes a connection that is still being opened. */
const WEBSOCKET_IS_CLOSED = /WebSocket/;
const KEY_HAS_ENDED = 'The server does not accept this key any more. What you see may be old';
const BUSY = {
  data: { item: null },
  errors: [{ message: 'busy', path: ['item'], extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }],
};

describeInBrowser("the console's access to the server", () => {
  const opened = consoleInBrowser();

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

  it('keeps the secrets of new keys until they are hidden, also where there is no clipboard, as over plain HTTP', async () => {
    const page = await opened.newTab();
    await page.addInitScript(
      `Object.defineProperty(navigator, 'clipboard', { value: undefined }); crypto.randomUUID = undefined;`,
    );
    await page.goto('/keys');
    for (const name of ['one', 'two']) {
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Create the key' }).click();
      const status = page.getByRole('status').filter({ hasText: `The key “${name}”` });
      await status.and(page.locator(':focus')).waitFor();
    }
    expect(await page.getByLabel('Secret').count()).toBe(2);
    await page.getByRole('button', { name: 'Copy', exact: true }).first().click();
    await page.getByText('The key is selected: press Ctrl + C.').waitFor();
    const selected = await page.evaluate('String(getSelection())');
    expect(selected).toBe(await page.getByLabel('Secret').first().textContent());
    const isAsked = page.waitForEvent('dialog');
    const reload = page.reload();
    await (await isAsked).accept();
    await reload;
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

  it('shows a visitor a list and its reasons in one click, or by 15 presses of Tab, and says at once that a key is wrong', async () => {
    const page = await opened.openTab('/', { key: null, expected: KEY_IS_REFUSED });
    const first = page.getByRole('link', { name: 'See a list, and why' });
    await first.waitFor();
    let tabs = 0;
    for (; tabs < 15 && (await first.and(page.locator(':focus')).count()) === 0; tabs++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'List' }).getByText('Item head', { exact: false }).first().waitFor();
    await page.getByText(/^Because they|Nothing of the history alone/).waitFor();

    await visit(page, '/items');
    await page.getByRole('link', { name: 'Item 0' }).waitFor();
    await page.getByRole('button', { name: 'Add items' }).click();
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.getByRole('textbox', { name: 'Key' }).fill('no-such-key-at-all');
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await dialog.getByText('The server does not know this key.').waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Key' }).inputValue()).toBe('no-such-key-at-all');
    await typeKey(page);
    await page.getByRole('button', { name: 'Admin key' }).waitFor();
  });

  it('tells of a key that is not accepted once, with what to do, however much was asked for', async () => {
    const page = await opened.newTab({ key: 'no-such-key', expected: KEY_IS_REFUSED });
    const refused = ['MadeList', 'SubjectUser'].map((name) =>
      page.waitForResponse((answer) => !!answer.request().postData()?.includes(`query ${name}`)),
    );
    await page.goto('/recommendations?user=user-1&compare=1');
    for (const answer of await Promise.all(refused)) expect(answer.status()).toBe(401);
    await page.getByRole('alert').getByText('Type another key, or forget this one.').waitFor();
    await until(page, `document.querySelector('[role=status][aria-label$=loading]') === null`);
    expect(await page.getByRole('alert').count()).toBe(1);
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Type a key' }).click();
    await typeKey(page);
    await page.getByRole('list', { name: 'List B' }).waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('keeps what was typed while a key is revoked, and saves it with another', async () => {
    const key = await makeKey(opened.shop);
    const page = await opened.openTab('/items/item-2', { key: key.secret, expected: KEY_IS_REFUSED });
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Brand').fill('Typed with another key');
    await key.revoke();
    await page.getByText(KEY_HAS_ENDED).waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('dialog', { name: 'API key' })
      .getByText('The server does not accept this key any more.')
      .waitFor();
    await typeKey(page);
    expect(await dialog.getByLabel('Brand').inputValue()).toBe('Typed with another key');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Typed with another key').first().waitFor();
  });

  it('asks for another key when one ends behind a live view, which then goes on', async () => {
    const key = await makeKey(opened.shop);
    const page = await opened.openTab('/training', { key: key.secret, expected: KEY_IS_REFUSED });
    const now = page.getByRole('heading', { name: 'Training now' });
    const job = await startLongTraining(opened.shop);
    await now.waitFor();
    await key.revoke();
    await page.getByText(KEY_HAS_ENDED).waitFor();
    // Nobody tells the page that the training ends.
    await cancelTraining(opened.shop, job);
    await page.getByRole('button', { name: 'Type a key' }).click();
    await typeKey(page);
    await now.waitFor({ state: 'hidden' });
    await page.getByText(KEY_HAS_ENDED).waitFor({ state: 'hidden' });
  });

  it('shows nothing more of a key that is forgotten, also while the server hangs', async () => {
    const page = await opened.openTab('/users', { expected: WEBSOCKET_IS_CLOSED });
    const user = page.getByRole('link', { name: 'user-0', exact: true });
    await user.waitFor();
    await page.route('**/graphql', () => undefined);
    await page.getByRole('button', { name: 'Admin key' }).click();
    await page.getByRole('menuitem', { name: 'Forget this key' }).click();
    await user.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByText('Admins see the keys').waitFor();
  });

  it('says that the server is gone, keeps what was typed, and saves it and shows news when it is back', async () => {
    const page = await opened.open('/items/item-1', SERVER_IS_GONE);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Brand').fill('Typed while it was killed');
    await opened.shop.kill();
    await page.getByText('The connection to the server is lost.').waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('The server does not answer.').waitFor();
    // The server that comes back has too much to do at first.
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('query ItemDetail') ? route.fulfill({ json: BUSY }) : route.fallback(),
    );
    const refused = page.waitForResponse((answer) => !!answer.request().postData()?.includes('query ItemDetail'));
    await opened.shop.restart();
    await page.getByText('The connection to the server is lost.').waitFor({ state: 'hidden' });
    await (await refused).finished();
    await page.unroute('**/graphql');
    expect(await dialog.getByLabel('Brand').inputValue()).toBe('Typed while it was killed');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('Typed while it was killed').first().waitFor();

    await visit(page, '/');
    await page.getByRole('status').getByText('Live').waitFor();
    const items = [{ externalId: 'after', title: 'After the restart' }];
    const { catalogueVersion } = await mutateWith(opened.shop.admin)('upsert-items', { items });
    const change = page.getByRole('listitem').filter({ hasText: '1 item added' });
    await change.getByText(String(catalogueVersion), { exact: true }).waitFor();
  });
});

async function makeKey(shop: ConsoleShop) {
  const mutate = mutateWith(shop.admin);
  const { secret, apiKey } = await mutate('create-api-key', { name: 'short', role: 'ADMIN' });
  const revoke = async () => {
    await mutate('revoke-api-key', { apiKeyId: apiKey.id });
    expect(await roleOf(shop, secret)).toBeUndefined();
  };
  return { secret: secret as string, revoke };
}

/** Types the admin's key into the dialog that asks for one. */
async function typeKey(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'API key' });
  await dialog.getByRole('textbox', { name: 'Key' }).fill(ADMIN_KEY);
  await dialog.getByRole('button', { name: 'Use this key' }).click();
  await dialog.waitFor({ state: 'hidden' });
}
