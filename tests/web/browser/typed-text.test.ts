/** What somebody has typed, in a real browser: it is read as it is meant, and nobody loses it by one key or click. */
import type { Page } from 'playwright-core';

import { openPage } from '../../support/browser';
import { consoleInBrowser } from '../../support/console-in-browser';
import { describeInBrowser } from '../../support/describe-in-browser';

describeInBrowser('the console, with a price that was typed', () => {
  const opened = consoleInBrowser();

  async function edit(locale: string, path: string) {
    const opening = await openPage(opened.browser, opened.shop.url, { locale });
    await opening.page.goto(path);
    await opening.page.getByRole('button', { name: 'Edit' }).click();
    const dialog = opening.page.getByRole('dialog', { name: 'Edit the item' });
    return {
      ...opening,
      dialog,
      price: dialog.getByLabel('Price'),
      save: dialog.getByRole('button', { name: 'Save' }),
    };
  }

  async function priceOf(externalId: string): Promise<unknown> {
    const query = 'query Price($externalId: String!) { item(externalId: $externalId) { price } }';
    const { item } = (await opened.shop.admin.execute(query, { externalId })).expectData() as { item: object };
    return (item as { price: number | null }).price;
  }

  it.each([
    ['de-DE', '1.299,00', 1299],
    ['de-DE', '1234.5', 1234.5],
    ['en-US', '1,234.50', 1234.5],
  ])('saves what %s means by %s', async (locale, typed, price) => {
    const { page, dialog, price: field, save, close } = await edit(locale, '/items/item-2');
    await field.fill('');
    await field.pressSequentially(typed);
    await save.click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await priceOf('item-2')).toBe(price);
    await page.getByRole('button', { name: 'Edit' }).click();
    const shown = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(price);
    expect(await field.inputValue()).toBe(shown);
    await close();
  });

  it.each([
    ['de-DE', '1.299', 'Is it 1.299,00 or 1,299?'],
    ['en-US', '-3', 'Write a price such as 1,234.50.'],
    ['en-US', '1e3', 'Write a price such as 1,234.50.'],
  ])('saves nothing where %s has %s, and says why at the field', async (locale, typed, fault) => {
    const { dialog, price, save, close } = await edit(locale, '/items/item-3');
    const before = await priceOf('item-3');
    await price.fill(typed);
    await save.click();
    await dialog.getByText(fault).waitFor();
    expect(await price.inputValue()).toBe(typed);
    expect(await priceOf('item-3')).toBe(before);
    await close();
  });

  it('narrows a list by it, or says at the field that it is none', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url, { locale: 'de-DE' });
    await page.goto('/items');
    const lowest = page.getByRole('textbox', { name: 'Lowest price' });
    await lowest.pressSequentially('1.234,5');
    await page.waitForURL('**/items?min=1234.5');
    await lowest.blur();
    expect(await lowest.inputValue()).toBe('1.234,50');
    await lowest.fill('1e3');
    await page.getByText('Write a price such as 1.234,50.').waitFor();
    await page.waitForURL('**/items');
    await lowest.blur();
    expect(await lowest.inputValue()).toBe('1e3');
    await close();
  });

  it('starts no training with a seed that is none', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url);
    await page.goto('/training');
    await page.getByRole('button', { name: 'Start a training' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a training' });
    await dialog.getByLabel('Seed').fill('1,5');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await dialog.getByText('Write a whole number from 0 to 2147483647.').waitFor();
    await close();
  });
});

describeInBrowser('the console, with something typed that is not saved', () => {
  const opened = consoleInBrowser();

  async function typeTitle(page: Page) {
    await page.goto('/items');
    await page.getByRole('link', { name: 'Item 1', exact: true }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Title').fill('Another title');
    return dialog;
  }

  it('closes the upper one of two dialogs by Escape', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url);
    const refusal = { errors: [{ message: 'no', extensions: { code: 'FORBIDDEN' } }] };
    await page.route('**/graphql', (route) =>
      route.request().postDataJSON()?.operationName === 'UpdateItems'
        ? route.fulfill({ json: refusal })
        : route.fallback(),
    );
    const dialog = await typeTitle(page);
    await dialog.getByRole('button', { name: 'Save' }).click();
    const keyDialog = page.getByRole('dialog', { name: 'API key' });
    await keyDialog.getByRole('textbox', { name: 'Key' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.press('Escape');
    await keyDialog.waitFor({ state: 'hidden' });
    expect(await dialog.getByLabel('Title').inputValue()).toBe('Another title');
    expect(await page.getByRole('dialog').count()).toBe(1);
    await close();
  });
});
