/** The console for every reader: on small and enlarged screens, in scripts from right to left, without motion, and by ear. */
import type { Locator, Page } from 'playwright-core';

import { until } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { holdAnswers } from '../../support/held-answers';
import { OPERATIONS } from '../../support/operations';

describeInBrowser('the console, for every reader', () => {
  const opened = consoleInBrowser();

  it.each([320, 768])('cuts off no column and no button of a table, %i px wide', async (width) => {
    const page = await opened.newPage({ viewport: { width, height: 900 } });
    for (const [path, table, text] of [
      ['/models', 'Versions', 'Activate'],
      ['/items', 'Items', 'Item 1'],
      ['/users', 'Users', 'user-0'],
      ['/training', 'Trainings', 'Done'],
      ['/keys', 'Changes with keys', 'startTraining'],
    ]) {
      await page.goto(path);
      await page.getByRole('table', { name: table, exact: true }).getByText(text).first().waitFor();
      expect(await cutOff(page)).toEqual([]);
    }
  });

  it('tells a refused change from a done one, and keys of one name apart, on the smallest screens', async () => {
    const input = { modelVersionId: Buffer.from('ModelVersion:999').toString('base64url') };
    await opened.shop.admin.execute(OPERATIONS['activate-model-version'], { input });
    const create = 'mutation Create($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }';
    await opened.shop.admin.execute(create, { input: { name: 'narrow', role: 'READER' } });
    const page = await opened.open('/keys', { viewport: { width: 320, height: 900 } });
    const row = (table: string, name: RegExp) =>
      page.getByRole('table', { name: table, exact: true }).getByRole('row', { name });
    await row('Changes with keys', /activateModelVersion.*NOT_FOUND/)
      .first()
      .waitFor();
    await row('Changes with keys', /createApiKey.*done/)
      .first()
      .waitFor();
    await row('Keys', /narrow.*\S…/).waitFor();
    expect(await cutOff(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  it('keeps the header of a table in sight', async () => {
    const page = await opened.open('/items', { viewport: { width: 390, height: 600 } });
    await page.getByRole('link', { name: 'Item 1', exact: true }).waitFor();
    await page.evaluate('window.scrollTo(0, 900)');
    await until(page, 'window.scrollY === 900');
    const header = await page.getByRole('columnheader', { name: 'Title' }).locator('xpath=../..').boundingBox();
    expect(header?.y).toBe(52);
  });

  it('cuts a title that reads from right to left at its end', async () => {
    const title = 'מנורת שולחן אדומה '.repeat(15).trim();
    const { admin } = opened.shop;
    const items = [{ externalId: 'hebrew', title, categories: ['תאורה לבית'] }];
    await admin.execute(OPERATIONS['upsert-items'], { input: { items } });
    const interactions = [{ user: { externalId: 'reader' }, item: { externalId: 'hebrew' }, kind: 'VIEW' }];
    await admin.execute(OPERATIONS['record-interactions'], { input: { interactions } });
    const page = await opened.newPage();
    for (const path of ['/items?order=desc', '/users?q=reader', '/recommendations?user=reader']) {
      await page.goto(path);
      await page.getByRole('link', { name: title }).waitFor();
      expect(await firstWordIsSeen(page, title)).toBe(true);
    }
  });

  it('moves nothing for ever where its reader wants no motion', async () => {
    const page = await opened.newPage({ reducedMotion: 'reduce' });
    const release = await holdAnswers(page, 'ItemList');
    await page.goto('/items');
    await page.getByRole('table', { name: 'Items', exact: true }).and(page.locator('[aria-busy=true]')).waitFor();
    const endless = `document.getAnimations().filter((each) => each.effect.getTiming().iterations === Infinity).length`;
    expect(await page.evaluate(endless)).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await until(page, `${endless} > 0`);
    await release();
  });

  it('shows states and figures where the system sets the colours', async () => {
    const colors = { forcedColors: 'active' } as const;
    const page = await opened.open('/recommendations?user=user-1', colors);
    await page.getByRole('list', { name: 'List' }).waitFor();
    const labels = page.locator('.mantine-SegmentedControl-label');
    expect(await changesBy(labels.first(), () => labels.last().click())).toBe(true);
    const beam = page.getByRole('slider', { name: 'Beam width' });
    expect(await changesBy(page.locator('.mantine-Slider-root', { has: beam }), () => beam.press('End'))).toBe(true);
    await page.waitForURL(/beam=/);
    const link = page.getByRole('link', { name: 'Recommendations', exact: true });
    const leave = async () => {
      await page.getByRole('link', { name: 'Items', exact: true }).click();
      await page.getByRole('heading', { name: 'Items', level: 1 }).waitFor();
    };
    expect(await changesBy(link, leave)).toBe(true);
    const search = page.getByRole('textbox', { name: 'Search items' });
    expect(await changesBy(search, () => search.focus())).toBe(true);
    const choice = page.getByRole('checkbox', { name: 'Choose Item 1', exact: true });
    expect(await changesBy(choice, () => choice.check())).toBe(true);
    for (const [path, figures] of [
      ['/', 'li[data-kind] [aria-hidden] > :first-child'],
      ['/semantic-ids?view=codebooks', '[aria-label^="Use of the codes"] > span'],
    ]) {
      await page.goto(path);
      await page.locator(figures).first().waitFor({ state: 'attached' });
      const seen = `[...document.querySelectorAll('${figures}')].map((each) => getComputedStyle(each).backgroundColor)`;
      expect(new Set((await page.evaluate(seen)) as string[]).size).toBeGreaterThan(1);
    }
  });

  it('tells a screen reader what a search has found', async () => {
    const page = await opened.open('/items');
    const status = (text: string) => page.getByRole('status').filter({ hasText: text });
    await status('items').waitFor();
    await page.getByRole('textbox', { name: 'Search items' }).fill('Item 19');
    await status('1 item').waitFor();
    await page.getByRole('textbox', { name: 'Search items' }).fill('no such title');
    await status('No item passes these filters').waitFor();
  });
});

/** @returns Whether it looks other than before once this is done. The pointer and the focus are elsewhere each time, where they can be. */
async function changesBy(what: Locator, change: () => Promise<void>): Promise<boolean> {
  const before = await what.screenshot();
  await change();
  await what.page().mouse.move(0, 0);
  return !before.equals(await what.screenshot());
}

/** @returns Whether the first word of the link with this text lies within all that cuts the link. */
async function firstWordIsSeen(page: Page, text: string): Promise<unknown> {
  return page.evaluate(`(() => {
    const link = [...document.querySelectorAll('a')].find((each) => each.textContent === ${JSON.stringify(text)});
    const node = document.createTreeWalker(link, NodeFilter.SHOW_TEXT).nextNode();
    const word = document.createRange();
    word.setStart(node, 0);
    word.setEnd(node, node.data.indexOf(' '));
    const { left, right } = word.getBoundingClientRect();
    for (let box = link; box !== null; box = box.parentElement) {
      const frame = box.getBoundingClientRect();
      const cuts = getComputedStyle(box).overflowX !== 'visible';
      if (cuts && (left < frame.left - 0.5 || right > frame.right + 0.5)) return false;
    }
    return true;
  })()`);
}

/** @returns The cells that reach out of their table, and what to press of that which reaches out of its cell. */
async function cutOff(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const isOut = (inner, outer) => inner.getBoundingClientRect().right > outer.getBoundingClientRect().right + 0.5;
    const cells = [...document.querySelectorAll('[role=cell], [role=columnheader]')];
    return cells.filter((cell) => isOut(cell, cell.closest('[role=table]'))).map((cell) => cell.textContent).concat(
      cells.flatMap((cell) => [...cell.querySelectorAll('button, input')].filter((each) => isOut(each, cell))
        .map((each) => each.ariaLabel ?? each.textContent)));
  })()`);
}
