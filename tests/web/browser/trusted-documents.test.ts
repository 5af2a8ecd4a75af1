/** The console of a server that runs registered documents alone, in a real browser. */
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { PACKAGE_ROOT } from '../../../src/paths';
import { openPage, untilLoaded } from '../../support/browser';
import { consoleInBrowser } from '../../support/console-in-browser';
import { describeInBrowser } from '../../support/describe-in-browser';

describeInBrowser('the console with trusted documents', () => {
  const opened = consoleInBrowser({ TIGERQL_TRUSTED_DOCUMENTS: join(PACKAGE_ROOT, 'graphql', 'operations') });

  it('shows every page, live ones too, and is refused no document', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url);
    const answers = graphqlAnswers(page);
    for (const [path, text] of [
      ['/', 'Popularity'],
      ['/items', 'Item 0'],
      ['/items/item-1', 'Similar items'],
      ['/users', 'user-0'],
      ['/users/user-1', 'History'],
      ['/recommendations?user=user-1', 'Item'],
      ['/semantic-ids', 'All items'],
      ['/semantic-ids?view=codebooks', 'perplexity'],
      ['/training', 'tiny'],
      ['/models', 'Version 1'],
      ['/keys', 'New key'],
    ]) {
      await page.goto(path);
      await page.getByText(text).first().waitFor();
      await untilLoaded(page);
    }
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.filter((answer) => answer.includes('"errors"'))).toEqual([]);
    await close();
  });

  it('checks a key that is typed, and adds an item', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url, { key: null });
    await page.goto('/add-items');
    await page.getByRole('button', { name: 'Use an API key' }).click();
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.getByRole('textbox', { name: 'Key' }).fill('end-to-end-admin-key');
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await page.getByRole('button', { name: 'Admin key' }).waitFor();
    await page.getByLabel('ID').fill('trusted-1');
    await page.getByLabel('Title').fill('A trusted item');
    await page.getByRole('button', { name: 'Add the item' }).click();
    await page.getByRole('heading', { name: 'A trusted item', level: 1 }).waitFor();
    await close(/401|403/);
  });

  it('refuses what is not registered, on its API page too', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url);
    await page.goto(`/api?document=${encodeURIComponent('{ catalogue { itemCount } }')}`);
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('region', { name: 'Answer' }).getByText('UNTRUSTED_DOCUMENT').waitFor();
    await close(/403/);
  });
});

/** @returns All that the server answers from now on, over both protocols. */
function graphqlAnswers(page: Page): string[] {
  const answers: string[] = [];
  page.on('requestfinished', async (request) => {
    if (!request.url().endsWith('/graphql')) return;
    // The body of an answer is gone once the page is another.
    const text = await (await request.response())?.text().catch(() => '');
    answers.push(text ?? '');
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => answers.push(String(payload))));
  return answers;
}
