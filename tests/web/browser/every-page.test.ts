/** Every page in a real browser: nothing on the console's error log, nothing serious to axe, little to load. */
import type { Page } from 'playwright-core';

import { openPage, seriousFindings, untilLoaded } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { removeItem } from '../../support/console-shop';

const MAX_FIRST_PAGE_BYTES = 250_000;

describeInBrowser('every page of the console', () => {
  const opened = consoleInBrowser();
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    ({ page, problems } = await openPage(opened.browser, opened.shop.url));
  });
  const look = async (width: number, colorScheme: 'light' | 'dark') => {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
  };

  it('loads its first page with little JavaScript, compressed', async () => {
    await page.goto('/');
    await page.getByText('Popularity').first().waitFor();
    await untilLoaded(page);
    const bytes = await loadedScriptBytes(page);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(MAX_FIRST_PAGE_BYTES);
  });

  it.each([
    ['/', 'Overview', 'Popularity'],
    ['/items', 'Items', 'Item 0'],
    ['/items/item-1', 'Item 1', 'Similar items'],
    ['/add-items', 'Add items', 'Add the item'],
    ['/add-items?how=many', 'Add items', 'Choose a file'],
    ['/users', 'Users', 'user-0'],
    ['/users/user-1', 'User user-1', 'History'],
    ['/recommendations?user=user-1&compare=1', 'Recommendations', 'List B'],
    ['/placements', 'What lists earn', 'No list has had feedback yet'],
    ['/placements/home%2Ftop', 'home/top', 'With your changes'],
    ['/placements/*', 'All lists', 'Hide'],
    ['/experiments', 'Experiments', 'No experiment was started yet'],
    ['/experiments?new=1', 'Experiments', '100 % of the users'],
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
    'shows %s without errors, and nothing serious to axe, wide and narrow, light and dark',
    async (path, title, text) => {
      await look(1440, 'light');
      await page.goto(path);
      await page.getByRole('heading', { name: title, level: 1 }).waitFor();
      await page.getByText(text).first().waitFor();
      await untilLoaded(page);
      expect(await page.title()).toMatch(/ · tigerql$/);
      for (const [width, colorScheme] of [
        [1440, 'light'],
        [390, 'dark'],
      ] as const) {
        await look(width, colorScheme);
        expect(await seriousFindings(page)).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      }
      expect(problems.splice(0)).toEqual([]);
    },
  );

  it('has texts of enough contrast where something is wrong or done', async () => {
    await removeItem(opened.shop, 'item-2');
    await page.goto('/items/item-2');
    await page.getByText('It is not recommended.').waitFor();
    await look(1440, 'light');
    expect(await seriousFindings(page)).toEqual([]);
    await page.goto('/add-items?how=many');
    await page.getByLabel('Items as CSV or JSONL').fill('id,title\ncontrast,One\nno-title,\nitem-3,Item 3\n');
    await page.getByRole('button', { name: 'Store 2 items' }).click();
    await page.getByText('1 item added').waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await look(1440, colorScheme);
      expect(await seriousFindings(page)).toEqual([]);
    }
  });

  it('draws a bar for the model and for each simple method, light and dark', async () => {
    await page.goto('/');
    await page.getByText('Popularity').first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await look(1440, colorScheme);
      const bars = "document.querySelectorAll('li[data-kind] [aria-hidden] > :first-child')";
      const colours = await page.evaluate(`[...${bars}].map((bar) => getComputedStyle(bar).backgroundColor)`);
      expect((colours as string[]).length).toBeGreaterThan(5);
      expect(colours).not.toContain('rgba(0, 0, 0, 0)');
    }
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
