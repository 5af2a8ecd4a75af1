/** Semantic IDs, trainings and models in a real browser, also while others change the catalogue. */
import type { Page } from 'playwright-core';

import { until, visit } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { addItem, codesOf, removeItem } from '../../support/console-shop';
import { OPERATIONS } from '../../support/operations';

/** How many items the codes have that are listed. */
const ITEMS_OF_CODES = `[...document.querySelectorAll('[aria-label="Codes that follow"] li')]
  .reduce((sum, row) => sum + parseInt(row.querySelector('.numeric').textContent), 0)`;

describeInBrowser("the console's pages of the model", () => {
  const opened = consoleInBrowser();

  async function activate(number: number): Promise<void> {
    const input = { modelVersionId: Buffer.from(`ModelVersion:${number}`).toString('base64url') };
    const answer = (await opened.shop.admin.execute(OPERATIONS['activate-model-version'], { input })).expectData();
    expect(answer).toMatchObject({ activateModelVersion: { userErrors: [] } });
  }

  it('compares two versions, activates one, and puts the former one back in two clicks', async () => {
    const page = await opened.open('/models?a=1&b=2&all=1');
    const figures = page.getByRole('table', { name: 'Figures of both versions' });
    await figures.getByText('baseline.popularity.ndcg@10', { exact: true }).waitFor();
    await figures
      .getByText(/to .*(higher|lower|not told apart)/)
      .first()
      .waitFor();
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
  });

  it('shows the lists of two model versions side by side, and says when one cannot be had', async () => {
    const page = await opened.open('/recommendations?user=user-1&compare=1', /status of 400/);
    await page.getByLabel('Model version').nth(1).selectOption('Version 2');
    await page.getByText(/^model version 2, catalogue version/).waitFor();
    await page.getByText(/^model version 1, catalogue version/).waitFor();
    const listB = page.getByRole('list', { name: 'List B' });
    await listB.getByRole('button', { name: /^Why / }).first().click();
    await listB.getByText(/The trie has those of the active version|The decoder’s beam has not come/).waitFor();
    await visit(page, `/recommendations?user=user-1&version=${Buffer.from('ModelVersion:99').toString('base64url')}`);
    await page.getByText('expected the ID of a model version that is kept').waitFor();
    await page.getByLabel('Model version').selectOption('The active one');
    await page.getByText(/^model version 1, catalogue version/).waitFor();
  });

  it('trains from the browser, shows the curves as they grow, and stops a training', async () => {
    const page = await opened.open('/training');
    await page.getByRole('img', { name: 'Loss by step, 1 curves' }).waitFor();
    // The legend tells where the curve ends while the pointer is elsewhere.
    await page.getByRole('row', { name: /^tiny, seed \d.*:\s*\d/ }).waitFor();
    const jobs = page.getByRole('table', { name: 'Trainings' });
    const rows = await jobs.getByRole('row').count();
    await start(page, 'tiny');
    await jobs.getByRole('row').nth(rows).waitFor(); // from then on the first row is the new one's
    await jobs.getByRole('row').nth(1).getByText('Done').waitFor();
    await jobs.getByRole('row').nth(1).getByRole('checkbox', { checked: true }).waitFor();
    // The address says what is ticked, and the box follows it: a moment after the click.
    await jobs.getByRole('row').nth(2).getByRole('checkbox', { checked: false }).click();
    await page.getByRole('img', { name: 'Loss by step, 2 curves' }).waitFor();
    await page.getByLabel('Figure', { exact: true }).selectOption('Loss of the codebooks');
    await page.waitForURL(/metric=tokenizer.loss/);
    await page.reload();
    await page.getByRole('img', { name: 'Loss of the codebooks by step, 2 curves' }).waitFor();
    await page.getByRole('button', { name: 'Only the newest' }).click();
    await page.getByRole('img', { name: 'Loss of the codebooks by step, 1 curves' }).waitFor();

    await start(page, 'base'); // long enough that nothing below comes too late
    await page.getByRole('list', { name: 'Log' }).getByText('Learning codebooks').waitFor();
    await start(page, 'paper');
    await page.getByRole('button', { name: 'Stop paper, which waits' }).click();
    await page.getByText('It has not begun, so nothing is lost.').waitFor();
    await page.getByRole('button', { name: 'Stop the training' }).click();
    await jobs.getByRole('row').nth(1).getByText('Stopped').waitFor();
    await page.getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('button', { name: 'Stop the training' }).click();
    await jobs.getByRole('row').nth(2).getByText('Stopped').waitFor();
  });

  it('offers no preset to a shop of more items than it takes', async () => {
    const page = await opened.open('/training');
    const presets = [{ __typename: 'Preset', name: 'tiny', purpose: 'Seconds.', maxItems: 512 }];
    const data = { presets, catalogue: { __typename: 'Catalogue', itemCount: 513 } };
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('query TrainingChoices')
        ? route.fulfill({ json: { data } })
        : route.fallback(),
    );
    await page.getByRole('button', { name: 'Start a training' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a training' });
    await dialog.getByText('At most 512 items').waitFor();
    await dialog.getByRole('radio', { name: 'tiny' }).and(page.locator(':disabled')).waitFor();
    await page.unroute('**/graphql');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('opens a code of the trie, and back closes it', async () => {
    const page = await opened.open('/semantic-ids');
    await page.getByRole('img', { name: 'The trie below its root; the list beside it says the same' }).waitFor();
    await page.getByRole('list', { name: 'Codes that follow' }).getByRole('button').first().click();
    await page.waitForURL(/prefix=\d+$/);
    const chart = page.getByRole('img', { name: /^The trie below \d+;/ });
    const [x, y] = [240, 100];
    await chart.waitFor();
    await until(page, isDrawnAt(x, y));
    await chart.click({ position: { x, y } });
    await page.waitForURL(/prefix=\d+\.\d/);
    await page.goBack();
    await chart.waitFor();
    await page.goBack();
    await page.getByRole('img', { name: 'The trie below its root' }).waitFor();
    await page.getByText('Codebooks', { exact: true }).click();
    await page.getByRole('img', { name: 'Use of the codes of level 0' }).waitFor();
    await page
      .getByText(/dead code/)
      .first()
      .waitFor();
  });

  it('shows what a reassignment would do, refuses it when the shop moved on, does it and takes it back', async () => {
    const codes = await codesOf(opened.shop, 'item-3');
    const other = (await codesOf(opened.shop, 'item-30')).slice(0, -1);
    const page = await opened.open('/semantic-ids?view=reassign');
    await chooseItem3(page, other.join(' '));
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('1 item would change').waitFor();
    await page.getByText('Collisions made').waitFor();
    expect(await codesOf(opened.shop, 'item-3')).toEqual(codes);

    await addItem(opened.shop, 'moved-on');
    await page.getByRole('button', { name: 'Apply to 1 item' }).click();
    const refusal = page.getByRole('main').getByRole('alert');
    await refusal.waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await refusal.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Apply to 1 item' }).click();
    const done = page.getByRole('alert').filter({ hasText: '1 item reassigned.' });
    await done.waitFor();
    expect((await codesOf(opened.shop, 'item-3')).slice(0, -1)).toEqual(other);
    await done.getByRole('button', { name: 'Undo' }).click();
    const undone = page.getByText('The items have their former semantic IDs again.');
    await undone.waitFor();
    expect(await codesOf(opened.shop, 'item-3')).toEqual(codes);

    // Later too, and an undo can be undone.
    await visit(page, '/');
    await page.getByText('1 item given other semantic IDs (undone)').waitFor();
    await page
      .getByRole('button', { name: /^Undo change/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Undo the change?' });
    await dialog.getByRole('button', { name: 'Undo it' }).click();
    await undone.first().waitFor();
    await dialog.waitFor({ state: 'hidden' });
    expect((await codesOf(opened.shop, 'item-3')).slice(0, -1)).toEqual(other);
  });

  it('shows the figures of items that others add, and keeps what was typed and what the trie has drawn', async () => {
    const { catalogue } = (await opened.shop.admin.execute('{ catalogue { itemCount } }', {})).expectData();
    const count = (catalogue as { itemCount: number }).itemCount;
    const page = await opened.open('/semantic-ids');
    await page.getByRole('img', { name: 'The trie below its root' }).waitFor();
    await page.getByRole('link', { name: `${count} items`, exact: true }).waitFor();
    await page.evaluate(`document.querySelector('canvas').drawn = true`);
    await addItem(opened.shop, 'others-1');
    await page.getByRole('link', { name: `${count + 1} items`, exact: true }).waitFor();
    await until(page, `${ITEMS_OF_CODES} === ${count + 1}`);
    expect(await page.evaluate(`document.querySelector('canvas').drawn`)).toBe(true);
    await visit(page, '/semantic-ids?view=reassign');
    await chooseItem3(page, '1 2 3');
    await addItem(opened.shop, 'others-2');
    await page.getByText(`of ${count + 2} items have one`).waitFor();
    expect(await page.getByRole('textbox', { name: 'Codes' }).inputValue()).toBe('1 2 3');
    await visit(page, '/');
    const figure = (items: number) =>
      page.getByRole('link', { name: /^Items/ }).getByText(String(items), { exact: true });
    await figure(count + 2).waitFor();
    await addItem(opened.shop, 'others-3');
    await figure(count + 3).waitFor();
  });

  it('shows on the page of an item that others remove it', async () => {
    const page = await opened.open('/items/item-9');
    await page.getByRole('button', { name: 'Remove', exact: true }).waitFor();
    await removeItem(opened.shop, 'item-9');
    await page.getByText('It is not recommended.').waitFor();
    expect(await page.getByRole('button', { name: /^(Edit|Remove)$/ }).count()).toBe(0);
    await page.getByText('It has none while it is removed.').waitFor();
  });

  it('shows the model that becomes active, and its list, which is asked for anew by nothing else', async () => {
    await activate(1);
    const page = await opened.open('/');
    await page.getByText('Version 1', { exact: true }).waitFor();
    const asked = countOf(page, 'MadeList');
    await visit(page, '/recommendations?user=user-3');
    const note = (version: number) => page.getByText(`model version ${version},`);
    await note(1).waitFor();
    await page.setViewportSize({ width: 1440, height: 300 });
    await page.evaluate('scrollTo(0, 100)');
    await activate(2);
    await note(2).waitFor();
    expect(await page.evaluate('scrollY')).toBe(100);
    await addItem(opened.shop, 'others-4'); // no reason to ask for a list
    await activate(1);
    await note(1).waitFor();
    expect(asked()).toBe(3);
    await visit(page, '/');
    await page.getByText('Version 1', { exact: true }).waitFor();
    await activate(2);
    await page.getByText('Version 2', { exact: true }).waitFor();
  });
});

/** Chooses an item to be given other codes. */
async function chooseItem3(page: Page, codes: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Add an item' }).fill('item-3');
  await page.getByRole('option', { name: 'Item 3 item-3', exact: true }).click();
  await page.getByRole('textbox', { name: 'Codes' }).fill(codes);
}

/** Whether the chart of the trie has a sector there; before, it knows of none that is clicked. */
function isDrawnAt(x: number, y: number): string {
  return `(() => {
    const canvas = document.querySelector('canvas');
    const scale = canvas.width / canvas.clientWidth;
    return canvas.getContext('2d').getImageData(${x} * scale, ${y} * scale, 1, 1).data[3] > 0;
  })()`;
}

async function start(page: Page, preset: string): Promise<void> {
  await page.getByRole('button', { name: 'Start a training' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start a training' });
  await dialog.getByRole('radio', { name: preset }).check();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** @returns How often the page has asked this. */
function countOf(page: Page, query: string): () => number {
  let count = 0;
  page.on('request', (request) => (count += Number(request.postData()?.includes(`query ${query}(`) ?? false)));
  return () => count;
}
