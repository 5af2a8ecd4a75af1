/** What a stranger meets in a real browser: an empty shop, titles that no layout expects, keys and servers that go while one types. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser, Page, Request } from 'playwright-core';

import { openDatabase } from '../../../src/storage/database';
import { openBrowser, openPage, SERVER_IS_GONE, until, untilLoaded } from '../../support/browser';
import { consoleInBrowser } from '../../support/console-in-browser';
import { type ConsoleShop, roleOf } from '../../support/console-shop';
import { describeInBrowser } from '../../support/describe-in-browser';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../../support/server-process';

const LONG = 'word '.repeat(60) + 'x'.repeat(140);
const KEY_HAS_ENDED = 'The server does not accept this key any more. What you see may be old';
const BUSY = {
  data: { item: null },
  errors: [{ message: 'busy', path: ['item'], extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }],
};
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
    ['/api', 'Where to paste it'],
  ])('says on %s what is missing, and what to do', async (path, text) => {
    const { page, close } = await openPage(browser, server.url);
    await page.goto(path);
    await page.getByRole('main').getByText(text).first().waitFor();
    await untilLoaded(page);
    await close();
  });

  it('begins with the way to the first items', async () => {
    const { page, close } = await openPage(browser, server.url);
    await page.goto('/');
    await page.getByRole('heading', { name: 'Where to begin' }).waitFor();
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe('Where to begin');
    expect(await page.getByText('Watch a list change').count()).toBe(0);
    await page.getByRole('link', { name: 'Go to the training' }).click();
    await page.getByText('Nothing was trained yet').waitFor();
    await close();
  });

  it('says of the first item that it has no semantic ID to share, rather than that no other shares it', async () => {
    const input = { items: [{ externalId: 'first', title: 'First' }] };
    (await testClient(server.url, ADMIN_KEY).execute(OPERATIONS['add-items'], { input })).expectData();
    const { page, close } = await openPage(browser, server.url);
    await page.goto('/items/first');
    await page.getByText('It has no semantic ID that others could share.').waitFor();
    await close();
  });
});

describeInBrowser('the console of a shop with a model', () => {
  const opened = consoleInBrowser();

  describe('what was typed', () => {
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
      await close(SERVER_IS_GONE);
    });

    it.each(['revoked', 'expired'] as const)('stays while its key is %s, and is saved with another', async (how) => {
      const key = await makeKey(opened.shop);
      const { page, close } = await openPage(opened.browser, opened.shop.url, { key: key.secret });
      await page.goto('/items/item-2');
      await page.getByRole('button', { name: 'Edit' }).click();
      const dialog = page.getByRole('dialog', { name: 'Edit the item' });
      await dialog.getByLabel('Brand').fill(`Typed with a key that was ${how}`);
      await key.end(how);
      await page.getByText(KEY_HAS_ENDED).waitFor();
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page
        .getByRole('dialog', { name: 'API key' })
        .getByText('The server does not accept this key any more.')
        .waitFor();
      await typeKey(page);
      expect(await dialog.getByLabel('Brand').inputValue()).toBe(`Typed with a key that was ${how}`);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await page.getByText(`Typed with a key that was ${how}`).first().waitFor();
      await close(/401|WebSocket/);
    });

    it('is asked for again when a key ends behind a live view, which then goes on', async () => {
      const key = await makeKey(opened.shop);
      const { page, close } = await openPage(opened.browser, opened.shop.url, { key: key.secret });
      await page.goto('/training');
      const now = page.getByRole('heading', { name: 'Training now' });
      const job = await startTraining(opened.shop);
      await now.waitFor();
      await key.end('expired');
      await page.getByText(KEY_HAS_ENDED).waitFor();
      // Nobody tells the page that the training ends.
      await cancelTraining(opened.shop, job);
      await page.getByRole('button', { name: 'Type a key' }).click();
      await typeKey(page);
      await now.waitFor({ state: 'hidden' });
      await page.getByText(KEY_HAS_ENDED).waitFor({ state: 'hidden' });
      const next = await startTraining(opened.shop);
      await now.waitFor();
      await cancelTraining(opened.shop, next);
      await now.waitFor({ state: 'hidden' });
      await close(/401|WebSocket/);
    });
  });

  describe('a key', () => {
    it('that the server does not accept is told of once, with what to do, however much was asked for', async () => {
      const { page, close } = await openPage(opened.browser, opened.shop.url, { key: 'no-such-key' });
      const refused = ['UserLists', 'SubjectUser'].map((name) =>
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
      await close(/401|WebSocket/);
    });

    it('stays when another one is being checked and its dialog is cancelled', async () => {
      const { secret } = await makeKey(opened.shop);
      const { page, close } = await openPage(opened.browser, opened.shop.url);
      await page.goto('/');
      await useAnotherKey(page);
      const dialog = page.getByRole('dialog', { name: 'API key' });
      await dialog.getByRole('textbox', { name: 'Key' }).fill(secret);
      let release = () => {};
      const isReleased = new Promise<void>((resolve) => (release = resolve));
      const isCheck = (request: Request) => request.postData()?.includes('query CheckKey') ?? false;
      await page.route('**/graphql', async (route) => {
        if (isCheck(route.request())) await isReleased;
        await route.fallback();
      });
      const checked = page.waitForResponse((answer) => isCheck(answer.request()));
      await dialog.getByRole('button', { name: 'Use this key' }).click();
      await dialog.locator('button[data-loading]').waitFor();
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'hidden' });
      release();
      await (await checked).finished();
      await useAnotherKey(page);
      expect(await dialog.getByRole('textbox', { name: 'Key' }).inputValue()).toBe('');
      expect(await page.evaluate(`sessionStorage.getItem('tigerql.key')`)).toBe(ADMIN_KEY);
      await close();
    });
  });

  describe('titles that no layout expects', () => {
    it.each([390, 1440])('fit into every page at %s pixels', async (width) => {
      const items = [
        { externalId: `long-${width}`, title: LONG, brand: 'x'.repeat(120), categories: ['y'.repeat(120)] },
        { externalId: `right-${width}`, title: RIGHT_TO_LEFT, brand: 'חנות', categories: ['כלי בית'] },
      ];
      const add = 'mutation Add($items: [NewItem!]!) { addItems(input: { items: $items }) { userErrors { message } } }';
      expect((await opened.shop.admin.execute(add, { items })).expectData()).toEqual({ addItems: { userErrors: [] } });
      const interactions = [{ userExternalId: '9'.repeat(100), itemExternalId: `long-${width}`, kind: 'VIEW' }];
      (await opened.shop.admin.execute(OPERATIONS['record-interactions'], { input: { interactions } })).expectData();
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
        expect(await page.evaluate(`{ const table = document.querySelector('table'); ${beyond} }`)).toBe(0);
      }
      await close();
    });
  });
});

interface TestKey {
  readonly secret: string;
  end(how: 'revoked' | 'expired'): Promise<void>;
}

async function makeKey(shop: ConsoleShop): Promise<TestKey> {
  const create = 'mutation Create($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKeyId } }';
  const input = { name: 'short', role: 'ADMIN' };
  const { createApiKey } = (await shop.admin.execute(create, { input })).expectData() as {
    createApiKey: { secret: string; apiKeyId: string };
  };
  const { secret, apiKeyId } = createApiKey;
  return {
    secret,
    async end(how) {
      if (how === 'revoked')
        (await shop.admin.execute(OPERATIONS['revoke-api-key'], { input: { apiKeyId } })).expectData();
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

async function useAnotherKey(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Admin key' }).click();
  await page.getByRole('menuitem', { name: 'Use another key' }).click();
}

/** Types the admin's key into the dialog that asks for one. */
async function typeKey(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'API key' });
  await dialog.getByRole('textbox', { name: 'Key' }).fill(ADMIN_KEY);
  await dialog.getByRole('button', { name: 'Use this key' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Starts one that does not end by itself soon. @returns Its job's id. */
async function startTraining({ admin }: ConsoleShop): Promise<string> {
  const input = { preset: 'demo', seed: 1, activateWhenBetter: false };
  const { startTraining } = (await admin.execute(OPERATIONS['start-training'], { input })).expectData() as {
    startTraining: { job: { id: string } };
  };
  return startTraining.job.id;
}

async function cancelTraining({ admin }: ConsoleShop, jobId: string): Promise<void> {
  (await admin.execute(OPERATIONS['cancel-training'], { input: { jobId } })).expectData();
}
