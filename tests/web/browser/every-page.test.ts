/** Every page in a real browser, for every reader: no error in its log, nothing serious to axe, nothing cut off, little to load. */
import type { Locator, Page } from 'playwright-core';

import { seriousFindings, until, untilLoaded, USUAL_SIZE, visit } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { removeItem } from '../../support/console-shop';
import { holdAnswers } from '../../support/held-answers';
import { OPERATIONS } from '../../support/operations';

const MAX_FIRST_PAGE_BYTES = 250_000;
const LONG = 'word '.repeat(60) + 'x'.repeat(140);
const RIGHT_TO_LEFT = 'מנורת שולחן אדומה '.repeat(15).trim();
const PHONE = { width: 320, height: 900 };

describeInBrowser('every page of the console', () => {
  const opened = consoleInBrowser();
  /** Shows the page as one has it who reads by night, on the smallest screen; or by day, on a large one. */
  const look = async (page: Page, colorScheme: 'light' | 'dark') => {
    await page.setViewportSize(colorScheme === 'dark' ? PHONE : USUAL_SIZE);
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
  };
  const run = async (operation: string, input: object) =>
    (await opened.shop.admin.execute(OPERATIONS[operation], { input })).expectData();

  it('loads its first page with little JavaScript, compressed, and draws a bar for each method', async () => {
    const page = await opened.open('/');
    await page.getByText('Popularity').first().waitFor();
    await untilLoaded(page);
    const bytes = await loadedScriptBytes(page);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(MAX_FIRST_PAGE_BYTES);
    for (const colorScheme of ['light', 'dark'] as const) {
      await look(page, colorScheme);
      const bars = "document.querySelectorAll('li[data-kind] [aria-hidden] > :first-child')";
      const colours = await page.evaluate(`[...${bars}].map((bar) => getComputedStyle(bar).backgroundColor)`);
      expect((colours as string[]).length).toBeGreaterThan(5);
      expect(colours).not.toContain('rgba(0, 0, 0, 0)');
    }
  });

  // By turns by day and by night: colours come from components, which several pages have.
  it.each([
    ['/', 'Overview', 'Popularity', 'dark'],
    ['/items', 'Items', 'Item 0', 'light'],
    ['/items/item-1', 'Item 1', 'Similar items', 'dark'],
    ['/add-items', 'Add items', 'Add the item', 'light'],
    ['/add-items?how=many', 'Add items', 'Choose a file', 'dark'],
    ['/users', 'Users', 'user-0', 'dark'],
    ['/users/user-1', 'User user-1', 'History', 'light'],
    ['/recommendations?user=user-1&compare=1', 'Recommendations', 'List B', 'light'],
    ['/placements', 'What lists earn', 'No list has had feedback yet', 'dark'],
    ['/placements/home%2Ftop', 'home/top', 'With your changes', 'light'],
    ['/placements/*', 'All lists', 'Hide', 'dark'],
    ['/experiments?new=1', 'Experiments', '100 % of the users', 'light'],
    ['/training', 'Training', 'tiny', 'dark'],
    ['/models', 'Models', 'Version 1', 'light'],
    ['/api', 'API', 'Where to paste it', 'dark'],
    ['/semantic-ids', 'Semantic IDs', 'All items', 'light'],
    ['/semantic-ids?view=codebooks', 'Semantic IDs', 'perplexity', 'dark'],
    ['/semantic-ids?view=collisions', 'Semantic IDs', 'Collisions', 'light'],
    ['/semantic-ids?view=reassign', 'Semantic IDs', 'Which items?', 'dark'],
    ['/keys', 'Keys', 'New key', 'light'],
  ] as const)(
    'shows %s without errors, anything serious to axe, or anything cut off',
    async (path, title, text, by) => {
      const page = await opened.open(path);
      await look(page, by);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.getByText(text).first().waitFor();
      await untilLoaded(page);
      expect(await page.title()).toMatch(/ · tigerql$/);
      expect(await seriousFindings(page)).toEqual([]);
      await page.setViewportSize(PHONE);
      // A page takes some time to fit into the smaller window.
      await until(page, 'window.innerWidth === 320 && document.documentElement.scrollWidth === 320');
      expect(await cutOff(page)).toEqual([]);
    },
  );

  it('has texts of enough contrast where something is wrong or done', async () => {
    await removeItem(opened.shop, 'item-2');
    const page = await opened.open('/items/item-2');
    await look(page, 'light');
    await page.getByText('It is not recommended.').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await visit(page, '/add-items?how=many');
    await page.getByLabel('Items as CSV or JSONL').fill('id,title\ncontrast,One\nno-title,\nitem-3,Item 3\n');
    await page.getByRole('button', { name: 'Store 2 items' }).click();
    await page.getByText('1 item added').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await look(page, colorScheme);
      expect(await seriousFindings(page)).toEqual([]);
    }
    await page.getByLabel('Items as CSV or JSONL').fill('');
  });

  it('tells a refused change from a done one, and keys of one name apart, on the smallest screens', async () => {
    const version = Buffer.from('ModelVersion:999').toString('base64url');
    await run('activate-model-version', { modelVersionId: version });
    await run('create-api-key', { name: 'narrow', role: 'READER' });
    const page = await opened.open('/keys');
    await page.setViewportSize(PHONE);
    const row = (table: string, name: RegExp) =>
      page.getByRole('table', { name: table, exact: true }).getByRole('row', { name }).first();
    await row('Changes with keys', /activateModelVersion.*NOT_FOUND/).waitFor();
    await row('Changes with keys', /createApiKey.*done/).waitFor();
    await row('Keys', /narrow.*\S…/).waitFor();
    expect(await cutOff(page)).toEqual([]);
  });

  it('keeps the header of a table in sight', async () => {
    const page = await opened.open('/items');
    await page.setViewportSize({ width: 390, height: 600 });
    await page.getByRole('link', { name: 'Item 1', exact: true }).waitFor();
    await page.evaluate('window.scrollTo(0, 900)');
    await until(page, 'window.scrollY === 900');
    const header = await page.getByRole('columnheader', { name: 'Title' }).locator('xpath=../..').boundingBox();
    expect(header?.y).toBe(52);
  });

  it('fits titles that no layout expects into a telephone, and cuts those from right to left at their end', async () => {
    const items = [
      { externalId: 'long', title: LONG, brand: 'x'.repeat(120), categories: ['y'.repeat(120)] },
      { externalId: 'right', title: RIGHT_TO_LEFT, brand: 'חנות', categories: ['תאורה לבית'] },
    ];
    await run('upsert-items', { items });
    const user = { externalId: '9'.repeat(100) };
    const interactions = items.map(({ externalId }) => ({ user, item: { externalId }, kind: 'VIEW' }));
    await run('record-interactions', { interactions });
    const page = await opened.open('/');
    await page.setViewportSize({ width: 390, height: 900 });
    const viewed = () => page.getByRole('table').getByText('Viewed').first().waitFor();
    const title = () => page.getByRole('link', { name: RIGHT_TO_LEFT }).first().waitFor();
    for (const [path, isShown, isCut] of [
      ['/items?order=desc', title, true],
      ['/items/long', viewed, false],
      [`/users/${user.externalId}`, viewed, false],
      [`/recommendations?user=${user.externalId}`, title, true],
    ] as const) {
      await visit(page, path);
      await isShown();
      await untilLoaded(page);
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 390]);
      const beyond =
        '[...document.querySelectorAll("[role=table]")].map((each) => each.offsetWidth - each.parentElement.clientWidth)';
      expect(((await page.evaluate(beyond)) as number[]).filter((width) => width > 0)).toEqual([]);
      if (isCut) expect(await firstWordIsSeen(page, RIGHT_TO_LEFT)).toBe(true);
    }
  });

  it('moves nothing for ever where its reader wants no motion', async () => {
    const page = await opened.open('/users');
    const release = await holdAnswers(page, 'ItemList');
    await visit(page, '/items?q=motion');
    await page.getByRole('table', { name: 'Items', exact: true }).and(page.locator('[aria-busy=true]')).waitFor();
    const endless = `document.getAnimations().filter((each) => each.effect.getTiming().iterations === Infinity).length`;
    expect(await page.evaluate(endless)).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await until(page, `${endless} > 0`);
    await release();
    await page.emulateMedia({ reducedMotion: 'reduce' });
  });

  it('shows states and figures where the system sets the colours', async () => {
    const page = await opened.open('/recommendations?user=user-1');
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'light' });
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
      await visit(page, path);
      await page.locator(figures).first().waitFor({ state: 'attached' });
      const seen = `[...document.querySelectorAll('${figures}')].map((each) => getComputedStyle(each).backgroundColor)`;
      expect(new Set((await page.evaluate(seen)) as string[]).size).toBeGreaterThan(1);
    }
    await page.emulateMedia({ forcedColors: 'none' });
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

  it('says of an address without a page that there is none', async () => {
    const page = await opened.openTab('/nowhere/at-all');
    await page.getByRole('heading', { name: 'Page not found', level: 1 }).waitFor();
    await page.getByText('Go to the overview').click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  });
});

/** @returns The bytes of all scripts that the page has asked for so far, as they came over the wire; each script once. */
async function loadedScriptBytes(page: Page): Promise<number> {
  const scripts = (await page.evaluate(
    `performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => [name, encodedBodySize])`,
  )) as [string, number][];
  const sizes = new Map(scripts.filter(([name]) => name.endsWith('.js')));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

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
