/** Other shops than the usual one in a real browser: one with little access, one with a warning, an empty one, and one too small. */
import { join } from 'node:path';

import { openDatabase } from '../../../src/storage/database';
import { untilLoaded, visit } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { type ConsoleShop, openConsoleShop, openEmptyShop } from '../../support/console-shop';
import { OPERATIONS } from '../../support/operations';

const WARNING = 'expected users with interactions at several times, got hardly any';

describeInBrowser('the console of a shop that shows users to keys alone', () => {
  const opened = consoleInBrowser(() => openConsoleShop({ TIGERQL_READ_ACCESS: 'catalogue' }));

  it('asks visitors for a key where one is needed', async () => {
    const page = await opened.openTab('/users', { key: null });
    const dialog = page.getByRole('dialog', { name: 'API key' });
    const refusal = page.getByRole('alert').filter({ hasText: 'This needs a key' });
    await refusal.getByRole('button', { name: 'Use an API key' }).click();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await visit(page, '/recommendations');
    await page.getByRole('combobox', { name: 'User', exact: true }).click();
    await page.getByText('This needs a key that allows it.').waitFor();
    await visit(page, '/items/item-30');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByText('Removing an item needs a key').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();

    // It says so before one has typed an item.
    await visit(page, '/add-items');
    const notice = page.getByRole('status').filter({ hasText: 'Adding items needs a key of role admin.' });
    await page.getByRole('textbox', { name: 'Title' }).fill('A lamp');
    await notice.getByRole('button', { name: 'Use another key' }).click();
    await dialog.getByRole('textbox', { name: 'Key' }).fill('end-to-end-admin-key');
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    await notice.waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Title' }).inputValue()).toBe('A lamp');
  });

  it('shows a warning of a training where the training is looked at, and at the version that it made', async () => {
    await warnOfTraining(opened.shop, 2);
    const page = await opened.open('/training');
    await page.getByRole('alert').filter({ hasText: WARNING }).waitFor();
    const jobs = page.getByRole('table', { name: 'Trainings' });
    await jobs.getByRole('note', { name: WARNING }).waitFor();
    await jobs.getByRole('checkbox', { checked: true }).click();
    await page.getByRole('alert').filter({ hasText: WARNING }).waitFor({ state: 'hidden' });
    await visit(page, '/models');
    await page.getByRole('definition').filter({ hasText: WARNING }).waitFor();
  });

  it('lists the trainings of one status, and says so in its address', async () => {
    const page = await opened.open('/training');
    const jobs = page.getByRole('table', { name: 'Trainings' });
    await jobs.getByText('Done').first().waitFor();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed');
    await page.waitForURL('**/training?status=FAILED');
    await page.getByText('No training has the status “Failed”').waitFor();
    await page.getByRole('button', { name: 'Show all trainings' }).click();
    await jobs.getByText('Done').first().waitFor();
  });
});

describeInBrowser('the console of an empty shop', () => {
  const opened = consoleInBrowser(openEmptyShop);

  it('says on each page what is missing, and what to do', async () => {
    const page = await opened.open('/');
    await page.getByRole('heading', { name: 'Where to begin' }).waitFor();
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe('Where to begin');
    expect(await page.getByText('Watch a list change').count()).toBe(0);
    await page.getByRole('link', { name: 'Go to the training' }).click();
    await page.getByText('Nothing was trained yet').waitFor();
    expect(await page.getByRole('heading', { name: 'Curves' }).count()).toBe(0);
    for (const [path, text] of [
      ['/', 'Add your own items'],
      ['/items', 'The shop has no items'],
      ['/items/gone', 'No item has the ID gone'],
      ['/users', 'Nobody has done anything so far'],
      ['/users/gone', 'No user has the ID gone'],
      ['/recommendations', 'For whom?'],
      ['/semantic-ids', 'Go to the training'],
      ['/models', 'There is no model yet'],
    ]) {
      await visit(page, path);
      await page.getByRole('main').getByText(text).first().waitFor();
      await untilLoaded(page);
    }
  });

  it('says what failed in a training and what to do, and offers to try again', async () => {
    const { admin } = opened.shop;
    const items = ['a', 'b'].map((externalId) => ({ externalId, title: `Cup ${externalId}` }));
    const interactions = [{ user: { externalId: 'ann' }, item: { externalId: 'a' }, kind: 'VIEW' }];
    (await admin.execute(OPERATIONS['upsert-items'], { input: { items } })).expectData();
    (await admin.execute(OPERATIONS['record-interactions'], { input: { interactions } })).expectData();
    const page = await opened.open('/training');
    await page.getByRole('button', { name: 'Start a training' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a training' });
    await dialog.getByRole('radio', { name: 'tiny' }).check();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'What to know of the chosen trainings' });
    await alert.getByText(/import more interactions/).waitFor();
    await page.getByRole('table', { name: 'Trainings' }).getByText('Failed').waitFor();
  });
});

/** Writes the warning into the progress of a job that has ended. */
async function warnOfTraining({ dir }: ConsoleShop, id: number): Promise<void> {
  const database = await openDatabase(`file:${join(dir, 'shop.db')}`);
  await database.write(async ({ trainingJob }) => {
    const { progress } = await trainingJob.findUniqueOrThrow({ where: { id } });
    await trainingJob.update({ where: { id }, data: { progress: { ...(progress as object), warnings: [WARNING] } } });
  });
  await database.dispose();
}
