/** What the console says in a real browser of trainings that have ended. */
import { openPage } from '../../support/browser';
import { consoleInBrowser } from '../../support/console-in-browser';
import { describeInBrowser } from '../../support/describe-in-browser';
import { littleInteractions } from '../../support/little-shop';

/** Nobody can tell the order of what a user did. */
const AT_ONE_TIME = littleInteractions().map((event) => ({ ...event, occurredAt: '2026-01-01T00:00:00Z' }));
const WARNING = /expected users with interactions at several times, got hardly any/;

describeInBrowser("the console's pages of a training with a warning", () => {
  const opened = consoleInBrowser({}, AT_ONE_TIME);

  it('shows it where the training is looked at, and at the version that it made', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url);
    await page.goto('/training');
    await page.getByRole('alert').filter({ hasText: WARNING }).waitFor();
    const jobs = page.getByRole('table', { name: 'Trainings' });
    await jobs.getByRole('note', { name: WARNING }).waitFor();
    await jobs.getByRole('checkbox').first().click();
    await page.getByRole('alert').filter({ hasText: WARNING }).waitFor({ state: 'hidden' });
    await page.goto('/models');
    await page.getByRole('definition').filter({ hasText: WARNING }).waitFor();
    await close();
  });

  it('lists the trainings of one status, and says so in its address', async () => {
    const { page, close } = await openPage(opened.browser, opened.shop.url);
    await page.goto('/training');
    const jobs = page.getByRole('table', { name: 'Trainings' });
    await jobs.getByText('Done').waitFor();
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Failed');
    await page.waitForURL('**/training?status=FAILED');
    await page.getByText('No training has the status “Failed”').waitFor();
    await page.reload();
    await page.getByText('No training has the status “Failed”').waitFor();
    await page.getByRole('button', { name: 'Show all trainings' }).click();
    await jobs.getByText('Done').waitFor();
    await close();
  });
});
