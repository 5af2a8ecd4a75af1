/** The shop of examples/storefront in a real browser: it sells, and its lists know. */
import type { Page } from 'playwright-core';

import { openPage, seriousFindings, type TestPageOptions } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { OPERATIONS } from '../../support/operations';
import { openStorefront, type Storefront } from '../../support/storefront';
import { until } from '../../support/until';

describeInBrowser('the storefront', () => {
  const opened = consoleInBrowser(openStorefront);
  const shop = () => opened.shop as Storefront;
  /** Pages of the shop ask the server, which is another origin. */
  const ASKED = /^request to http:\/\/127\.0\.0\.1:\d+\/graphql$/;
  const open = async (options: TestPageOptions = {}) => {
    const { page, close } = await openPage(opened.browser, shop().storefrontUrl, { key: null, ...options });
    return { page, close: (expected = ASKED) => close(expected) };
  };

  const shelfOf = (page: Page, name: string) => page.getByRole('list', { name });
  const titlesOn = (page: Page, name: string) => shelfOf(page, name).getByRole('heading').allTextContents();
  const figuresOf = async (name: string) => {
    const { placements } = (await shop().admin.execute(OPERATIONS.placements)).expectData();
    return placements.find((placement: { name: string }) => placement.name === name)?.figures;
  };
  /** Waits until the lists of a placement, of whichever version, have had this. */
  const untilCounted = (name: string, kind: string) =>
    until(async () =>
      ((await figuresOf(name)) ?? []).some((figures: Record<string, { count: number }>) => figures[kind].count > 0),
    );

  it('sells an item of a shelf, and the shelf has earned it', async () => {
    const { page, close } = await open();
    await page.goto('/');
    await shelfOf(page, 'For you').scrollIntoViewIfNeeded();
    await untilCounted('home/for-you', 'coverage');
    const card = shelfOf(page, 'For you').getByRole('listitem').first();
    const title = (await card.getByRole('heading').textContent())!;
    await card.getByRole('link').click();
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('link', { name: 'Cart, 1 thing' }).click();
    await page.getByRole('spinbutton').fill('2');
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('link', { name: 'Cart, 2 things' }).waitFor();
    await page.getByRole('button', { name: 'Buy' }).click();
    await page.getByRole('heading', { name: 'Thank you', level: 1 }).waitFor();
    for (const kind of ['clicked', 'cart', 'purchased']) await untilCounted('home/for-you', kind);
    const [{ revenue }] = await figuresOf('home/for-you');
    const price = 1 + Number(title.split(' ')[1]); // as in little-shop
    expect(revenue).toMatchObject([{ currency: 'GBP', quantity: 2, total: 2 * price }]);
    await close();
  });

  it('changes its lists in place while one shops, and leaves out what is dismissed', async () => {
    const { page, close } = await open();
    await page.goto('/items/item-2');
    await page.goto('/');
    const before = await titlesOn(page, 'For you');
    await shelfOf(page, 'For you').getByRole('button', { name: /^Add / }).last().click();
    await until(async () => String(await titlesOn(page, 'For you')) !== String(before));

    const [first] = await titlesOn(page, 'For you');
    await page.getByRole('button', { name: `Do not show ${first} again` }).click();
    await untilCounted('home/for-you', 'dismissed');
    await page.reload();
    expect(await titlesOn(page, 'For you')).not.toContain(first);
    await close();
  });

  it('goes on for the user as whom a visitor logs in', async () => {
    const { page, close } = await open();
    await page.goto('/items/item-7');
    await page.getByText('A visitor').click();
    await page.getByRole('button', { name: 'Bob' }).click();
    await page.locator('summary', { hasText: 'Bob' }).waitFor();
    const query = '{ user(externalId: "user-1") { history(first: 1) { nodes { kind item { externalId } } } } }';
    const { user } = (await shop().admin.execute(query)).expectData();
    expect(user.history.nodes).toEqual([{ kind: 'VIEW', item: { externalId: 'item-7' } }]);
    await close();
  });

  it('finds and narrows down, and sells without JavaScript', async () => {
    const { page, close } = await open({ javaScriptEnabled: false });
    await page.goto('/');
    expect((await titlesOn(page, 'For you')).length).toBe(12);
    await page.getByRole('searchbox').fill('item 4');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('9 items').waitFor();
    await page.getByRole('link', { name: 'family 2 2' }).click();
    await page.getByText('2 items').waitFor();
    await page.getByRole('button', { name: 'Add' }).first().click();
    await page.getByRole('link', { name: 'Cart, 1 thing' }).click();
    await page.getByRole('button', { name: 'Buy' }).click();
    await page.getByRole('heading', { name: 'Thank you', level: 1 }).waitFor();
    await close();
  });

  it('has nothing serious to axe, and fits into telephones and large screens', async () => {
    const { page, close } = await open();
    for (const path of ['/', '/items?category=family+1', '/items?q=nothing', '/items/item-1', '/cart', '/thanks']) {
      await page.setViewportSize({ width: 390, height: 900 });
      await page.goto(path);
      await page.getByRole('button', { name: /^Do not show|^Add to cart/ }).first().or(page.getByText('0 items')).first().waitFor(); // prettier-ignore
      expect([path, await seriousFindings(page)]).toEqual([path, []]);
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      }
    }
    await close();
  });

  it('gets a new token when a page that lay idle is used again, before a click ends the page', async () => {
    const { page, close } = await open();
    await page.goto('/items/item-3');
    const card = shelfOf(page, 'Goes with it').getByRole('listitem').first();
    await card.scrollIntoViewIfNeeded();
    await untilCounted('item/goes-with', 'coverage');
    await page.clock.setSystemTime(Date.now() + 600_000);
    await Promise.all([page.waitForRequest('**/token'), card.hover()]);
    await card.getByRole('link').click();
    await untilCounted('item/goes-with', 'clicked');
    await close();
  });

  it('keeps what its shelves had while the server is away, or has too much to do', async () => {
    const { page, close } = await open();
    await page.goto('/');
    const before = await titlesOn(page, 'For you');
    await shop().kill();
    await shelfOf(page, 'For you').getByRole('button', { name: /^Add / }).first().click();
    expect(await titlesOn(page, 'For you')).toEqual(before);
    await page.reload();
    await page.getByText('some shelves show what they had').waitFor();
    expect(await titlesOn(page, 'For you')).toEqual(before);
    const other = await open();
    await other.page.goto('/'); // asks for lists that nobody has asked for before
    await other.page.locator('[data-placement="home/for-you"] [data-placeholder]').first().waitFor();

    await shop().restart({ TIGERQL_MAX_CALLER_RATE: '1' });
    await page.reload(); // asks for three lists
    await page.getByText('some shelves show what they had').waitFor();
    const isFull = async () => {
      expect(await titlesOn(page, 'For you')).toHaveLength(12);
      expect(await page.locator('[data-placeholder]').count()).toBe(0);
    };
    await isFull();
    await shelfOf(page, 'For you').getByRole('button', { name: /^Add / }).first().click();
    await page.getByRole('link', { name: /^Cart, / }).waitFor();
    await isFull();
    await close(/./);
    await other.close(/./);
  });
});
