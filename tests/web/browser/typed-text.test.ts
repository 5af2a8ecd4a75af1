/** Typed text in a real browser: it is read as it is meant, and nobody loses it by one key or click. */
import type { Page } from 'playwright-core';

import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';

const opened = consoleInBrowser();

describeInBrowser('the console, with a price that was typed', () => {
  async function edit(path: string) {
    const page = await opened.open(path);
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    return {
      page,
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

  it('saves it, and shows it so that it can be typed again', async () => {
    const { page, dialog, price: field, save } = await edit('/items/item-2');
    await field.fill('');
    await field.pressSequentially('1234,5');
    await save.click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await priceOf('item-2')).toBe(1234.5);
    await page.getByText('1,234.50', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Edit' }).click();
    expect(await field.inputValue()).toBe('1234.50');
  });

  it('narrows a list by it, or says at the field that it is none', async () => {
    const page = await opened.open('/items');
    const lowest = page.getByRole('textbox', { name: 'Lowest price' });
    await lowest.pressSequentially('1234,5');
    await page.waitForURL('**/items?min=1234.5');
    await lowest.blur();
    expect(await lowest.inputValue()).toBe('1234.50');
    await lowest.fill('1e3');
    await page.getByText('Write a price such as 1234.50').waitFor();
    await page.waitForURL('**/items');
    await lowest.blur();
    expect(await lowest.inputValue()).toBe('1e3');
  });
});

describeInBrowser('the console, with something typed that is not saved', () => {
  async function typeTitle(page: Page) {
    await page.goto('/items');
    await page.getByRole('link', { name: 'Item 1', exact: true }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Title').fill('Another title');
    return dialog;
  }

  it('closes the upper one of two dialogs by Escape', async () => {
    const page = await opened.newPage();
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
  });

  it('asks before Escape, or a click beside the dialog, throws away what was typed into it', async () => {
    const page = await opened.newPage();
    const dialog = await typeTitle(page);
    const question = page.getByRole('dialog', { name: 'Discard what you have typed?' });
    await page.keyboard.press('Escape');
    await question.waitFor();
    await page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
    expect(await dialog.getByLabel('Title').inputValue()).toBe('Another title');
    await page.mouse.click(5, 5);
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    await page.goBack();
    const leaving = page.getByRole('dialog', { name: 'Leave this page?' });
    await leaving.getByRole('button', { name: 'Cancel' }).click();
    await leaving.waitFor({ state: 'hidden' });
    expect(await dialog.getByLabel('Title').inputValue()).toBe('Another title');
    await page.keyboard.press('Escape');
    await question.getByRole('button', { name: 'Discard it' }).click();
    await page.getByRole('dialog').first().waitFor({ state: 'hidden' });
    await page.getByRole('heading', { name: 'Item 1', level: 1 }).waitFor();
  });

  it('keeps what was typed for one item and for many while its reader goes from one to the other', async () => {
    const page = await opened.open('/add-items');
    await page.getByLabel('Title').fill('Half an item');
    await page.getByText('Many', { exact: true }).click();
    const text = page.getByRole('textbox', { name: 'Items as CSV or JSONL' });
    await text.fill('id,title\nkept-1,Kept\n');
    await page.getByText('One', { exact: true }).click();
    expect(await page.getByLabel('Title').inputValue()).toBe('Half an item');
    await page.getByText('Many', { exact: true }).click();
    expect(await text.inputValue()).toBe('id,title\nkept-1,Kept\n');
    await page.getByRole('button', { name: 'Store 1 item', exact: true }).waitFor();
  });

  it.each([
    ['/add-items', 'Title'],
    ['/add-items?how=many', 'Items as CSV or JSONL'],
  ])('asks before %s is left with something typed', async (path, field) => {
    const page = await opened.open('/items');
    await page.goto(path);
    await page.getByLabel(field).fill('typed');
    const question = page.getByRole('dialog', { name: 'Leave this page?' });
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(await page.getByLabel(field).inputValue()).toBe('typed');
    expect(await asksBeforeReload(page)).toBe(true);
    await page.getByLabel(field).fill('');
    expect(await asksBeforeReload(page)).toBe(false);
    await page.getByLabel(field).fill('typed');
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await question.getByRole('button', { name: 'Leave the page' }).click();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
  });
});

/** Whether the browser would ask before it loads the page anew. */
async function asksBeforeReload(page: Page): Promise<unknown> {
  return page.evaluate(`!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))`);
}
