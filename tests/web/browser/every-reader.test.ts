/** The console for every reader: on small and enlarged screens, in scripts from right to left, without motion, and by ear. */
import type { Page } from 'playwright-core';

import { openPage, until } from '../../support/browser';
import { consoleInBrowser } from '../../support/console-in-browser';
import { trainTiny } from '../../support/console-shop';
import { describeInBrowser } from '../../support/describe-in-browser';

describeInBrowser('the console, for every reader', () => {
  const opened = consoleInBrowser();

  it.each([320, 360, 768, 1024])('cuts off no column and no button of a table, %i px wide', async (width) => {
    if (width === 320) await trainTiny(opened.shop, 2);
    const { page, close } = await openPage(opened.browser, opened.shop.url, { viewport: { width, height: 900 } });
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
    await close();
  });

  it.each([
    [1440, 0],
    [390, 52],
  ])('keeps the header of a table in sight, %i px wide', async (width, top) => {
    const { page, close } = await openPage(opened.browser, opened.shop.url, { viewport: { width, height: 600 } });
    await page.goto('/items');
    await page.getByRole('link', { name: 'Item 1', exact: true }).waitFor();
    await page.evaluate('window.scrollTo(0, 900)');
    await until(page, 'window.scrollY === 900');
    const header = await page.getByRole('columnheader', { name: 'Title' }).locator('xpath=../..').boundingBox();
    expect(header?.y).toBe(top);
    await close();
  });
});

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
