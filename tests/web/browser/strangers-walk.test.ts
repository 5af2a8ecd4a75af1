/** Keys and servers that go while somebody types, and titles that no layout expects, in a real browser. */
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { openDatabase } from '../../../src/storage/database';
import { SERVER_IS_GONE, until, untilLoaded } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { cancelTraining, type ConsoleShop, roleOf, startLongTraining } from '../../support/console-shop';
import { OPERATIONS } from '../../support/operations';
import { ADMIN_KEY } from '../../support/server-process';

const LONG = 'word '.repeat(60) + 'x'.repeat(140);
const KEY_HAS_ENDED = 'The server does not accept this key any more. What you see may be old';
const BUSY = {
  data: { item: null },
  errors: [{ message: 'busy', path: ['item'], extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }],
};
const RIGHT_TO_LEFT = 'כוס תה (אדומה) 250 מ״ל';

describeInBrowser('the console of a shop with a model', () => {
  const opened = consoleInBrowser();

  describe('what was typed', () => {
    it('stays while the server is killed and comes back, and is saved then', async () => {
      const page = await opened.open('/items/item-1', { expected: SERVER_IS_GONE });
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
    });

    it('stays while its key is revoked, and is saved with another', async () => {
      const key = await makeKey(opened.shop);
      const page = await opened.open('/items/item-2', { key: key.secret, expected: /401|WebSocket/ });
      await page.getByRole('button', { name: 'Edit' }).click();
      const dialog = page.getByRole('dialog', { name: 'Edit the item' });
      await dialog.getByLabel('Brand').fill('Typed with another key');
      await key.end('revoked');
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

    it('is asked for again when a key ends behind a live view, which then goes on', async () => {
      const key = await makeKey(opened.shop);
      const page = await opened.open('/training', { key: key.secret, expected: /401|WebSocket/ });
      const now = page.getByRole('heading', { name: 'Training now' });
      const job = await startLongTraining(opened.shop);
      await now.waitFor();
      await key.end('expired');
      await page.getByText(KEY_HAS_ENDED).waitFor();
      // Nobody tells the page that the training ends.
      await cancelTraining(opened.shop, job);
      await page.getByRole('button', { name: 'Type a key' }).click();
      await typeKey(page);
      await now.waitFor({ state: 'hidden' });
      await page.getByText(KEY_HAS_ENDED).waitFor({ state: 'hidden' });
      const next = await startLongTraining(opened.shop);
      await now.waitFor();
      await cancelTraining(opened.shop, next);
      await now.waitFor({ state: 'hidden' });
    });
  });

  describe('a key', () => {
    it('that the server does not accept is told of once, with what to do, however much was asked for', async () => {
      const page = await opened.newPage({ key: 'no-such-key', expected: /401|WebSocket/ });
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
  });

  describe('titles that no layout expects', () => {
    it('fit into every page of a telephone', async () => {
      const width = 390;
      const items = [
        { externalId: `long-${width}`, title: LONG, brand: 'x'.repeat(120), categories: ['y'.repeat(120)] },
        { externalId: `right-${width}`, title: RIGHT_TO_LEFT, brand: 'חנות', categories: ['כלי בית'] },
      ];
      const add =
        'mutation Add($items: [NewItem!]!) { upsertItems(input: { items: $items }) { userErrors { message } } }';
      expect((await opened.shop.admin.execute(add, { items })).expectData()).toEqual({
        upsertItems: { userErrors: [] },
      });
      const interactions = [
        { user: { externalId: '9'.repeat(100) }, item: { externalId: `long-${width}` }, kind: 'VIEW' },
      ];
      (await opened.shop.admin.execute(OPERATIONS['record-interactions'], { input: { interactions } })).expectData();
      const page = await opened.newPage({ viewport: { width, height: 900 } });
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
        await untilLoaded(page);
        expect([path, await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')]).toEqual([
          path,
          0,
        ]);
      }
      for (const path of [`/items/long-${width}`, `/users/${'9'.repeat(100)}`]) {
        await page.goto(path);
        await page.getByRole('table').getByText('Viewed').first().waitFor();
        const beyond = 'table.offsetWidth - table.parentElement.clientWidth';
        expect(await page.evaluate(`{ const table = document.querySelector('[role=table]'); ${beyond} }`)).toBe(0);
      }
    });
  });
});

interface TestKey {
  readonly secret: string;
  end(how: 'revoked' | 'expired'): Promise<void>;
}

async function makeKey(shop: ConsoleShop): Promise<TestKey> {
  const create = 'mutation Create($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }';
  const input = { name: 'short', role: 'ADMIN' };
  const { createApiKey } = (await shop.admin.execute(create, { input })).expectData() as {
    createApiKey: { secret: string; apiKey: { id: string } };
  };
  const { secret, apiKey } = createApiKey;
  return {
    secret,
    async end(how) {
      if (how === 'revoked')
        (await shop.admin.execute(OPERATIONS['revoke-api-key'], { input: { apiKeyId: apiKey.id } })).expectData();
      else await letExpire(shop, 'short');
      expect(await roleOf(shop, secret)).toBeUndefined();
    },
  };
}

/** As if the time of the key had come. */
async function letExpire(shop: ConsoleShop, name: string): Promise<void> {
  const database = await openDatabase(`file:${join(shop.dir, 'shop.db')}`);
  const data = { expiresAt: new Date() };
  await database.write((transaction) => transaction.apiKey.updateMany({ where: { name }, data }));
  await database.dispose();
  // A key that the server does not know makes it read the keys anew.
  await roleOf(shop, 'no-such-key');
}

/** Types the admin's key into the dialog that asks for one. */
async function typeKey(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'API key' });
  await dialog.getByRole('textbox', { name: 'Key' }).fill(ADMIN_KEY);
  await dialog.getByRole('button', { name: 'Use this key' }).click();
  await dialog.waitFor({ state: 'hidden' });
}
