/** The console in a real browser, while an answer is on its way or when it could not be had, and with something typed that is not saved. */
import type { Page } from 'playwright-core';

import { visit } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { addItem, removeItem } from '../../support/console-shop';
import { holdAnswers, refuseOperation } from '../../support/held-answers';

const opened = consoleInBrowser();

describeInBrowser('the console, while an answer is on its way', () => {
  it('shows no other item than that of the address', async () => {
    const page = await opened.open('/items/item-1');
    await page.getByRole('heading', { name: 'Item 1', level: 1 }).waitFor();
    const release = await holdAnswers(page, 'ItemDetail');
    await page.getByRole('link', { name: 'Item 5', exact: true }).first().click();
    await page.getByRole('status', { name: 'The item: loading' }).waitFor();
    expect(await page.getByRole('button', { name: 'Edit' }).count()).toBe(0);
    await release();
    await page.getByRole('heading', { name: 'Item 5', level: 1 }).waitFor();
  });

  it("shows nobody another user's list and history, nor lets one use a list made under former settings", async () => {
    const page = await opened.open('/recommendations?user=user-1');
    await page.getByRole('list', { name: 'List' }).waitFor();
    const change = page.getByRole('button', { name: 'Change these items' });
    await change.waitFor();
    const releases = [await holdAnswers(page, 'MadeList'), await holdAnswers(page, 'SubjectUser')];
    await page.getByRole('combobox', { name: 'User', exact: true }).fill('user-2');
    await page.getByRole('option', { name: 'user-2', exact: true }).click();
    await page.getByRole('status', { name: 'The list: loading' }).waitFor();
    await page.getByRole('status', { name: 'The history: loading' }).waitFor();
    expect(await change.count()).toBe(0);
    for (const release of releases) await release();
    await page.getByRole('list', { name: 'List' }).waitFor();
    await change.waitFor();

    const release = await holdAnswers(page, 'MadeList');
    await page.getByLabel('Items that the user has').selectOption('may come again');
    await page.locator('ol[inert]').waitFor();
    await release();
    await page.locator('ol[inert]').waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'List' }).waitFor();
  });

  it('ends the preview of a reassignment that is cancelled, or that another choice makes useless', async () => {
    const page = await opened.open('/semantic-ids?view=reassign');
    await page.getByRole('radio', { name: 'All items' }).check();
    const release = await holdAnswers(page, 'Reassign');
    const preview = page.getByRole('button', { name: 'Preview' });
    const endings = [
      () => page.getByRole('button', { name: 'Cancel' }).click(),
      () => page.getByRole('radio', { name: 'Some items' }).check(),
    ];
    for (const end of endings) {
      const ended = page.waitForEvent('requestfailed', (request) => isReassignment(request.postDataJSON()));
      await preview.click();
      await end();
      await ended;
      await page.locator('button[data-loading]').waitFor({ state: 'detached' });
      expect(await page.getByText(/would change|Nothing would change/).count()).toBe(0);
    }
    await release();
  });
});

function isReassignment(body: { readonly operationName?: string } | null): boolean {
  return body?.operationName === 'Reassign';
}

describeInBrowser('the console, when something could not be loaded anew', () => {
  it('says that it asks again, and does so by itself until there is an answer', async () => {
    const page = await opened.open('/users');
    const end = await refuseOperation(page, 'ItemList', 0.2);
    await visit(page, '/items?q=Item+1');
    const alert = page.getByRole('alert').filter({ hasText: 'The server has too much to do. It is tried again' });
    await alert.getByRole('button', { name: 'Try now' }).waitFor();
    await page.waitForRequest((request) => request.postDataJSON()?.operationName === 'ItemList');
    await end();
    await page.getByText('Item 1', { exact: true }).first().waitFor();
    await alert.waitFor({ state: 'detached' });
  });

  it('keeps what is shown and what was chosen, and says so above it', async () => {
    const page = await opened.open('/semantic-ids?view=reassign');
    await page.getByRole('combobox', { name: 'Add an item' }).fill('item-3');
    await page.getByRole('option', { name: 'Item 3 item-3', exact: true }).click();
    await page.getByRole('textbox', { name: 'Codes' }).fill('1 2 3');
    const end = await refuseOperation(page, 'Codebooks');
    await addItem(opened.shop, 'elsewhere');
    const alert = page.getByRole('alert').filter({ hasText: 'The semantic IDs could not be loaded anew' });
    await alert.waitFor();
    expect(await page.getByRole('textbox', { name: 'Codes' }).inputValue()).toBe('1 2 3');
    await end();
    await alert.getByRole('button', { name: 'Try now' }).click();
    await alert.waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Codes' }).inputValue()).toBe('1 2 3');
  });
});

describeInBrowser('the console, when it changes the shop', () => {
  it('keeps a dialog until the change is made, undoes it once, and tries a refused undo again', async () => {
    const page = await opened.open('/items/item-7');
    await page.getByRole('button', { name: 'Remove' }).click();
    const release = await holdAnswers(page, 'RemoveItems');
    const dialog = page.getByRole('dialog', { name: 'Remove 1 item?' });
    await dialog.getByRole('button', { name: 'Remove 1 item' }).click();
    await dialog.locator('button[data-loading]').waitFor();
    await page.keyboard.press('Escape');
    expect(await dialog.getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
    await release();
    await dialog.waitFor({ state: 'detached' });
    const undone: string[] = [];
    page.on(
      'request',
      (request) => request.postData()?.includes('mutation RestoreItems') && undone.push(request.url()),
    );
    const end = await refuseOperation(page, 'RestoreItems');
    await page.getByRole('button', { name: 'Undo' }).dblclick();
    await page.getByText('The server has too much to do.').waitFor();
    expect(undone).toHaveLength(1);
    await end();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('“Item 7” can be recommended again.').waitFor();
    await page.getByText('It is not recommended.').waitFor({ state: 'detached' });
    expect(undone).toHaveLength(2);
  });

  it('names the item that somebody else has removed, and forgets what was chosen when another list is shown', async () => {
    const page = await opened.open('/items?q=Item+1');
    for (const title of ['Item 1', 'Item 11', 'Item 12'])
      await page.getByRole('checkbox', { name: `Choose ${title}`, exact: true }).check();
    await removeItem(opened.shop, 'item-11');
    await page.getByRole('button', { name: 'Remove 3', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove 3 items?' });
    await dialog.getByRole('button', { name: 'Remove 3 items' }).click();
    await dialog.getByRole('alert').getByText('“Item 11”').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Items', exact: true }).click();
    await page.waitForURL(/\/items$/);
    await page.getByRole('link', { name: 'Item 2', exact: true }).waitFor();
    expect(await page.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
  });
});

describeInBrowser('the console, with something typed that is not saved', () => {
  it('reads a price as it is meant, and shows it so that it can be typed again', async () => {
    const page = await opened.open('/items/item-2');
    const edit = page.getByRole('button', { name: 'Edit' });
    await edit.click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    const price = dialog.getByLabel('Price');
    await price.fill('');
    await price.pressSequentially('1234,5');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    const { item } = (await opened.shop.admin.execute('{ item(externalId: "item-2") { price } }')).expectData();
    expect(item).toEqual({ price: 1234.5 });
    await page.getByText('1,234.50', { exact: true }).first().waitFor();
    await edit.click();
    expect(await price.inputValue()).toBe('1234.50');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('asks before Escape, or a click beside the dialog, throws away what was typed into it', async () => {
    const page = await opened.open('/items');
    await page.getByRole('link', { name: 'Item 1', exact: true }).click();
    await page.getByRole('button', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the item' });
    await dialog.getByLabel('Title').fill('Another title');
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

  it('keeps what was typed for one item and for many, and asks before the page is left', async () => {
    const page = await opened.open('/add-items');
    const text = page.getByRole('textbox', { name: 'Items as CSV or JSONL' });
    await page.getByLabel('Title').fill('Half an item');
    await asksBeforeItIsLeft(page);
    await page.getByText('Many', { exact: true }).click();
    await text.fill('id,title\nkept-1,Kept\n');
    await page.getByText('One', { exact: true }).click();
    expect(await page.getByLabel('Title').inputValue()).toBe('Half an item');
    await page.getByLabel('Title').fill('');
    await page.getByText('Many', { exact: true }).click();
    expect(await text.inputValue()).toBe('id,title\nkept-1,Kept\n');
    await page.getByRole('button', { name: 'Store 1 item', exact: true }).waitFor();
    await asksBeforeItIsLeft(page);
    await text.fill('');
    expect(await asksBeforeReload(page)).toBe(false);
    await text.fill('typed');
    await page.getByRole('link', { name: 'Users', exact: true }).click();
    const question = page.getByRole('dialog', { name: 'Leave this page?' });
    await question.getByRole('button', { name: 'Leave the page' }).click();
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
  });
});

async function asksBeforeItIsLeft(page: Page): Promise<void> {
  const question = page.getByRole('dialog', { name: 'Leave this page?' });
  await page.getByRole('link', { name: 'Users', exact: true }).click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'hidden' });
  expect(await asksBeforeReload(page)).toBe(true);
}

/** Whether the browser would ask before it loads the page anew. */
async function asksBeforeReload(page: Page): Promise<unknown> {
  return page.evaluate(`!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))`);
}
