/** Semantic IDs, trainings and models in a real browser. */

import type { Page } from 'playwright-core';

import { SERVER_IS_GONE, until } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { addItem, codesOf } from '../../support/console-shop';

describeInBrowser("the console's pages of the model", () => {
  const opened = consoleInBrowser();

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
    const page = await opened.open('/recommendations?user=user-1&compare=1', { expected: /status of 400/ });
    const [first, second] = [0, 1].map((i) => page.getByLabel('Model version').nth(i));
    await second.selectOption('Version 2');
    await page.getByText(/^model version 2, catalogue version/).waitFor();
    await page.getByText(/^model version 1, catalogue version/).waitFor();
    const listB = page.getByRole('list', { name: 'List B' });
    await listB.getByRole('button', { name: /^Why / }).first().click();
    await listB.getByText(/The trie has those of the active version|The decoder’s beam has not come/).waitFor();
    await first.selectOption('Version 2');
    await page.getByText(/^model version 1, catalogue version/).waitFor({ state: 'hidden' });
    await page.reload();
    await page
      .getByText(/^model version 2, catalogue version/)
      .nth(1)
      .waitFor();
    await page.goto(`/recommendations?user=user-1&version=${Buffer.from('ModelVersion:99').toString('base64url')}`);
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
    await jobs.getByRole('row').nth(1).getByRole('checkbox', { checked: true }).click();
    await page.getByText('Choose a training below.').waitFor();
    await page.getByRole('button', { name: 'Only the newest' }).click();
    await page.getByRole('img', { name: 'Loss by step, 1 curves' }).waitFor();
    const rows = await jobs.getByRole('row').count();
    await start(page, 'tiny');
    await jobs.getByRole('row').nth(rows).waitFor(); // from then on the first row is the new one's
    await jobs.getByRole('row').nth(1).getByText('Done').waitFor();
    await jobs.getByRole('row').nth(1).getByRole('checkbox', { checked: true }).waitFor();
    // The address says what is ticked, and the box follows it: a moment after the click.
    await jobs.getByRole('row').nth(2).getByRole('checkbox', { checked: false }).click();
    await jobs.getByRole('row').nth(2).getByRole('checkbox', { checked: true }).waitFor();
    await page.getByRole('img', { name: 'Loss by step, 2 curves' }).waitFor();
    await page.getByLabel('Figure', { exact: true }).selectOption('Loss of the codebooks');
    await page.waitForURL(/metric=tokenizer.loss/);
    await page.reload();
    await page.getByRole('img', { name: 'Loss of the codebooks by step, 2 curves' }).waitFor();
    await page.getByRole('button', { name: 'Only the newest' }).click();
    await page.getByRole('img', { name: 'Loss of the codebooks by step, 1 curves' }).waitFor();
    await page.getByRole('button', { name: 'Tick all' }).click();
    await page.getByRole('img', { name: /^Loss of the codebooks by step, [2-9] curves$/ }).waitFor();
    const chart = page.getByRole('group', { name: /^Chart;/ });
    for (const key of ['+', 'ArrowRight', '-', '0']) await chart.press(key);

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

  it('says which preset takes few items, and offers it to a shop of few alone', async () => {
    const page = await opened.newPage();
    const tiny = page.getByRole('dialog').getByRole('radio', { name: 'tiny' });
    const look = async () => {
      await page.goto('/training');
      const answered = page.waitForResponse((each) => !!each.request().postData()?.includes('query TrainingChoices'));
      await page.getByRole('button', { name: 'Start a training' }).click();
      await (await answered).finished();
      await page.getByText('At most 512 items').waitFor();
    };
    await look();
    expect(await tiny.isEnabled()).toBe(true);
    const presets = [{ __typename: 'Preset', name: 'tiny', purpose: 'Seconds.', maxItems: 512 }];
    const data = { presets, catalogue: { __typename: 'Catalogue', itemCount: 513 } };
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('query TrainingChoices')
        ? route.fulfill({ json: { data } })
        : route.fallback(),
    );
    await look();
    await tiny.and(page.locator(':disabled')).waitFor();
  });

  it('follows a training over a lost connection, and asks for the points that it missed', async () => {
    const page = await opened.open('/training', { expected: SERVER_IS_GONE });
    await start(page, 'demo');
    const now = page.getByRole('heading', { name: 'Training now' });
    await now.waitFor();
    await opened.shop.kill();
    await page.getByText('The connection to the server is lost.').waitFor();
    const missed = page.waitForRequest((request) => request.postData()?.includes('query TrainingCurves') ?? false);
    await opened.shop.restart();
    await missed;
    await page.getByText('The connection to the server is lost.').waitFor({ state: 'hidden' });
    // The job goes on in the new process, and the page follows it again.
    await page.getByRole('table', { name: 'Trainings' }).getByText('Runs').waitFor();
    await page.getByRole('button', { name: 'Stop it' }).click();
    await page.getByRole('button', { name: 'Stop the training' }).click();
    await now.waitFor({ state: 'hidden' });
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
    const page = await opened.newPage();
    const codes = await codesOf(opened.shop, 'item-3');
    const other = (await codesOf(opened.shop, 'item-30')).slice(0, -1);
    await page.goto('/semantic-ids?view=reassign');
    await page.getByRole('combobox', { name: 'Add an item' }).fill('item-3');
    await page.getByRole('option', { name: 'Item 3 item-3', exact: true }).click();
    await page.getByRole('button', { name: 'Take out Item 3' }).click();
    await page.getByRole('combobox', { name: 'Add an item' }).fill('item-3');
    await page.getByRole('option', { name: 'Item 3 item-3', exact: true }).click();
    await page.getByRole('textbox', { name: 'Codes' }).fill(other.join(' '));
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('1 item would change').waitFor();
    await page.getByText('Collisions made').waitFor();
    expect(await codesOf(opened.shop, 'item-3')).toEqual(codes);

    await addItem(opened.shop, 'moved-on');
    await page.getByRole('button', { name: 'Apply to 1 item' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByRole('alert').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Apply to 1 item' }).click();
    await page.getByText('1 item reassigned.').waitFor();
    expect((await codesOf(opened.shop, 'item-3')).slice(0, -1)).toEqual(other);
    await page.getByRole('button', { name: 'Undo' }).click();
    const undone = page.getByText('The items have their former semantic IDs again.');
    await undone.waitFor();
    expect(await codesOf(opened.shop, 'item-3')).toEqual(codes);

    // Later too, and an undo can be undone.
    await page.goto('/');
    await page.getByText('1 item given other semantic IDs (undone)').waitFor();
    await page
      .getByRole('button', { name: /^Undo change/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog', { name: 'Undo the change?' });
    await dialog.getByRole('button', { name: 'Undo it' }).click();
    await undone.waitFor();
    await dialog.waitFor({ state: 'hidden' });
    expect((await codesOf(opened.shop, 'item-3')).slice(0, -1)).toEqual(other);
  });
});

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
