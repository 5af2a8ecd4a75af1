/** What the console says in a real browser when a training fails. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Browser } from 'playwright-core';

import { openBrowser, openPage } from '../../support/browser';
import { describeInBrowser } from '../../support/describe-in-browser';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../../support/server-process';

describeInBrowser("the console's training page, in a shop too small to learn from", () => {
  let dir: string;
  let server: ServerProcess;
  let browser: Browser;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tigerql-console-'));
    [server, browser] = await Promise.all([startServerProcess(dir), openBrowser()]);
    const admin = testClient(server.url, ADMIN_KEY);
    const items = ['a', 'b'].map((externalId) => ({ externalId, title: `Cup ${externalId}` }));
    const interactions = [{ userExternalId: 'ann', itemExternalId: 'a', kind: 'VIEW' }];
    await admin.execute(OPERATIONS['add-items'], { input: { items } });
    await admin.execute(OPERATIONS['record-interactions'], { input: { interactions } });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await rm(dir, { recursive: true });
  });

  it('says what failed and what to do, and offers to try again', async () => {
    const { page, close } = await openPage(browser, server.url);
    await page.goto('/training');
    await page.getByText('Nothing was trained yet').waitFor();
    expect(await page.getByRole('heading', { name: 'Curves' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Start a training' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a training' });
    await dialog.getByRole('radio', { name: 'tiny' }).check();
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    const alert = page.getByRole('alert').filter({ hasText: 'The last training failed' });
    await alert.getByText(/import more interactions/).waitFor();
    await page.getByRole('table', { name: 'Trainings' }).getByText('Failed').waitFor();
    await alert.getByRole('button', { name: 'Start another' }).click();
    await dialog.waitFor();
    await close();
  });
});
