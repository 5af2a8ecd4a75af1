/** What a visitor of a real shop sees, where users are shown to keys alone. */
import { openPage } from '../../support/browser';
import { consoleInBrowser } from '../../support/console-in-browser';
import { removeItem } from '../../support/console-shop';
import { describeInBrowser } from '../../support/describe-in-browser';

describeInBrowser('the console without a key', () => {
  const opened = consoleInBrowser({ TIGERQL_READ_ACCESS: 'catalogue' });

  it('asks visitors for a key where one is needed', async () => {
    await removeItem(opened.shop, 'item-30');
    const { page, close } = await openPage(opened.browser, opened.shop.url, { key: null });
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await page.goto('/users');
    const refusal = page.getByRole('alert').filter({ hasText: 'This needs a key' });
    await refusal.getByRole('button', { name: 'Use an API key' }).click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.goto('/recommendations');
    await page.getByRole('combobox', { name: 'User' }).click();
    await page.getByText('This needs a key that allows it.').waitFor();
    await page.goto('/items/item-30');
    await page.getByRole('button', { name: 'Restore it' }).click();
    await dialog.getByText('Restoring an item needs a key').waitFor();
    await close();
  });

  it('says that adding items needs another key before one has typed them', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url, { key: null });
    await page.goto('/add-items');
    const notice = page.getByRole('status').filter({ hasText: 'Adding items needs a key of role admin.' });
    await page.getByRole('textbox', { name: 'Title' }).fill('A lamp');
    await notice.getByRole('button', { name: 'Use another key' }).click();
    const dialog = page.getByRole('dialog', { name: 'API key' });
    await dialog.getByRole('textbox', { name: 'Key' }).fill('end-to-end-admin-key');
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('A lamp');
    await close();
  });
});
