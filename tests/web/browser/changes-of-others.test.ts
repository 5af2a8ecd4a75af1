/** The console in a real browser, while somebody else changes the catalogue. */
import type { Locator, Page } from 'playwright-core';

import { until } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { addItem, removeItem } from '../../support/console-shop';
import { OPERATIONS } from '../../support/operations';

/** How many items the codes have that are listed. */
const ITEMS_OF_CODES = `[...document.querySelectorAll('[aria-label="Codes that follow"] li')]
  .reduce((sum, row) => sum + parseInt(row.querySelector('.numeric').textContent), 0)`;

describeInBrowser('the console, when others change the catalogue', () => {
  const opened = consoleInBrowser();
  let added = 0;
  const add = () => addItem(opened.shop, `others-${++added}`);

  async function itemCount(): Promise<number> {
    const { catalogue } = (await opened.shop.admin.execute('{ catalogue { itemCount } }', {})).expectData() as {
      catalogue: { itemCount: number };
    };
    return catalogue.itemCount;
  }

  async function activate(number: number): Promise<void> {
    const input = { modelVersionId: Buffer.from(`ModelVersion:${number}`).toString('base64url') };
    const answer = (await opened.shop.admin.execute(OPERATIONS['activate-model-version'], { input })).expectData();
    expect(answer).toMatchObject({ activateModelVersion: { userErrors: [] } });
  }

  it('shows the new figures of the overview and of the trie, and keeps what was typed', async () => {
    const page = await opened.newPage();
    const count = await itemCount();
    await page.goto('/semantic-ids');
    const trie = page.getByRole('img', { name: 'The trie below its root' });
    await trie.waitFor();
    await page.getByRole('link', { name: `${count} items`, exact: true }).waitFor();
    await page.evaluate(`document.querySelector('canvas').drawn = true`);
    await add();
    await page.getByRole('link', { name: `${count + 1} items`, exact: true }).waitFor();
    await until(page, `${ITEMS_OF_CODES} === ${count + 1}`);
    expect(await page.evaluate(`document.querySelector('canvas').drawn`)).toBe(true);
    await page.goto('/semantic-ids?view=reassign');
    await page.getByRole('combobox', { name: 'Add an item' }).fill('item-3');
    await page.getByRole('option', { name: 'Item 3 item-3', exact: true }).click();
    await page.getByRole('textbox', { name: 'Codes' }).fill('1 2 3');
    await add();
    await page.getByText(`of ${count + 2} items have one`).waitFor();
    expect(await page.getByRole('textbox', { name: 'Codes' }).inputValue()).toBe('1 2 3');
    await page.goto('/');
    await figure(page, count + 2).waitFor();
    await add();
    await figure(page, count + 3).waitFor();
  });

  it('shows on the page of an item that it is removed', async () => {
    const page = await opened.open('/items/item-9');
    await page.getByRole('button', { name: 'Remove', exact: true }).waitFor();
    await removeItem(opened.shop, 'item-9');
    await page.getByText('It is not recommended.').waitFor();
    expect(await page.getByRole('button', { name: /^(Edit|Remove)$/ }).count()).toBe(0);
    await page.getByText('It has none while it is removed.').waitFor();
  });

  it('shows another active model', async () => {
    const page = await opened.open('/');
    await page.getByText('Version 1', { exact: true }).waitFor();
    await activate(2);
    await page.getByText('Version 2', { exact: true }).waitFor();
  });

  it('shows the model that became active while its connection was lost', async () => {
    const page = await opened.newPage({ expected: /WebSocket/ });
    const { cut, letGo } = await holdNextSubscriptions(page);
    await page.goto('/models');
    await page.getByText('Version 2 makes the recommendations.').waitFor();
    const loaded = waitForAnswer(page, 'ModelList');
    await cut();
    await loaded;
    await activate(1);
    letGo();
    await page.getByText('Version 1 makes the recommendations.').waitFor();
    await page.getByRole('row', { name: /^1 / }).getByText('Active').waitFor();
  });

  it('shows the list of the model that becomes active', async () => {
    await activate(1);
    const page = await opened.newPage({ viewport: { width: 1440, height: 300 } });
    const asked = countOf(page, 'MadeList');
    const note = (version: number) => `model version ${version},`;
    await page.goto('/recommendations?user=user-3');
    await page.getByText(note(1)).waitFor();
    await page.evaluate('scrollTo(0, 100)');
    await activate(2);
    await page.getByText(note(2)).waitFor();
    expect(await page.evaluate('scrollY')).toBe(100);
    await add(); // no reason to ask for a list
    await activate(1);
    await page.getByText(note(1)).waitFor();
    expect(asked()).toBe(3);
  });
});

/** The number of items on the overview. */
function figure(page: Page, count: number): Locator {
  return page.getByRole('link', { name: /^Items/ }).getByText(String(count), { exact: true });
}

/** @returns How often the page has asked this. */
function countOf(page: Page, query: string): () => number {
  let count = 0;
  page.on('request', (request) => (count += Number(request.postData()?.includes(`query ${query}(`) ?? false)));
  return () => count;
}

/** @returns `cut` closes the page's socket, and keeps back what it asks for over the next one. */
async function holdNextSubscriptions(page: Page) {
  let letGo = () => {};
  let released = Promise.resolve();
  let close = async () => {};
  await page.routeWebSocket('**/graphql', (socket) => {
    const server = socket.connectToServer();
    close = () => socket.close({ code: 1012 });
    socket.onMessage((message) => {
      if (String(message).includes('"subscribe"')) void released.then(() => server.send(message));
      else server.send(message);
    });
  });
  const cut = () => {
    released = new Promise<void>((done) => (letGo = done));
    return close();
  };
  return { cut, letGo: () => letGo() };
}

async function waitForAnswer(page: Page, operation: string): Promise<void> {
  const answer = await page.waitForResponse((each) => !!each.request().postData()?.includes(`query ${operation}(`));
  await answer.finished();
}
