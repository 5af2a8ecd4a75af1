/** Every page in a real browser: nothing on the console's error log, nothing serious to axe, little to load. */
import type { Page } from 'playwright-core';

import { openPage, seriousFindings, untilLoaded } from '../../support/browser';
import { consoleInBrowser } from '../../support/console-in-browser';
import { removeItem } from '../../support/console-shop';
import { describeInBrowser } from '../../support/describe-in-browser';

const MAX_FIRST_PAGE_BYTES = 250_000;

describeInBrowser('every page of the console', () => {
  const opened = consoleInBrowser();

  it.each([
    ['/', 'Overview', 'Popularity'],
    ['/items', 'Items', 'Item 0'],
    ['/items/item-1', 'Item 1', 'Similar items'],
    ['/add-items', 'Add items', 'Add the item'],
    ['/add-items?how=many', 'Add items', 'Choose a file'],
    ['/users', 'Users', 'user-0'],
    ['/users/user-1', 'User user-1', 'History'],
    ['/recommendations', 'Recommendations', 'For whom?'],
    ['/recommendations?user=user-1&compare=1', 'Recommendations', 'List B'],
    ['/placements', 'Placements', 'No list has had feedback yet'],
    ['/training', 'Training', 'tiny'],
    ['/models', 'Models', 'Version 1'],
    ['/api', 'API', 'Where to paste it'],
    ['/semantic-ids', 'Semantic IDs', 'All items'],
    ['/semantic-ids?view=codebooks', 'Semantic IDs', 'perplexity'],
    ['/semantic-ids?view=collisions', 'Semantic IDs', 'Collisions'],
    ['/semantic-ids?view=reassign', 'Semantic IDs', 'Which items?'],
    ['/keys', 'Keys', 'New key'],
    ['/nowhere', 'Page not found', 'Go to the overview'],
  ])(
    'shows %s without errors, and nothing serious to axe, at three widths in both colour schemes',
    async (path, title, text) => {
      const { page, close } = await openPage(opened.browser, opened.shop.url);
      await page.goto(path);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.getByText(text).first().waitFor();
      await untilLoaded(page);
      expect(await page.title()).toMatch(/ · tigerql$/);
      for (const [width, colorScheme] of [
        [1440, 'light'],
        [1440, 'dark'],
        [2560, 'dark'],
        [390, 'dark'],
        [390, 'light'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
        expect(await seriousFindings(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      }
      await close();
    },
  );

  it.each(['light', 'dark'] as const)(
    'has texts of enough contrast where something is wrong, %s',
    async (colorScheme) => {
      const { page, close } = await openPage(opened.browser, opened.shop.url, { colorScheme, reducedMotion: 'reduce' });
      const item = colorScheme === 'light' ? 'item-2' : 'item-4';
      await removeItem(opened.shop, item);
      await page.goto(`/items/${item}`);
      await page.getByText('It is not recommended.').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.goto('/add-items');
      await page.getByRole('button', { name: 'Add the item' }).click();
      await page.getByText('An item needs an ID.').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.goto('/add-items?how=many');
      const name = `contrast-${colorScheme}`;
      await page.getByLabel('Items as CSV or JSONL').fill(`id,title\n${name},One\nno-title,\nitem-3,There already\n`);
      await page.getByRole('button', { name: 'Add 2 items' }).click();
      await page.getByText('1 item added').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await page.getByLabel('Items as CSV or JSONL').fill(`id,title\n${name}-2,One\n`);
      await page.getByRole('button', { name: 'Add 1 item', exact: true }).click();
      await page.getByText('Each can be recommended at once.').waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await close();
    },
  );

  it.each(['light', 'dark'] as const)(
    'draws a bar for the model and for each simple method, %s',
    async (colorScheme) => {
      const { page, close } = await openPage(opened.browser, opened.shop.url, { colorScheme });
      await page.goto('/');
      await page.getByText('Popularity').first().waitFor();
      const colours = (await page.evaluate(
        `[...document.querySelectorAll('li[data-kind] [aria-hidden] > :first-child')].map((bar) => getComputedStyle(bar).backgroundColor)`,
      )) as string[];
      await close();
      expect(colours.length).toBeGreaterThan(5);
      expect(colours).not.toContain('rgba(0, 0, 0, 0)');
    },
  );

  it('loads its first page with little JavaScript, compressed', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url);
    await page.goto('/');
    await page.getByText('Popularity').first().waitFor();
    await untilLoaded(page);
    const bytes = await loadedScriptBytes(page);
    await close();
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(MAX_FIRST_PAGE_BYTES);
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
