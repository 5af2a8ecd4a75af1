/** The merchandiser's desk in a real browser: rules of a placement, from the first click to the next list and to what lists earn. */
import type { Locator, Page } from 'playwright-core';

import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { OPERATIONS } from '../../support/operations';

const PLACEMENT = 'home/top';
const USER = 'user-5';

describeInBrowser("the merchandiser's desk", () => {
  const opened = consoleInBrowser();
  let page: Page;
  let clicks: number;
  beforeAll(async () => {
    await run('update-items', { items: [8, 9].map((n) => ({ item: { externalId: `item-${n}` }, brand: 'North' })) });
    const { listId, nodes } = await list();
    const bought = { listId, item: { externalId: nodes[0].item.externalId } };
    const feedback = [
      { ...bought, kind: 'CLICKED' },
      { ...bought, kind: 'PURCHASED', value: 30, currency: 'EUR' },
    ];
    await run('record-feedback', { feedback });
  });
  beforeEach(async () => {
    clicks = 0;
    page = await opened.open('/');
  });

  const run = async (operation: string, input: object) =>
    (await opened.shop.admin.execute(OPERATIONS[operation], { input })).expectData();
  async function list() {
    const variables = { user: USER, placement: PLACEMENT, first: 10, options: { includeSeen: true } };
    return (await opened.shop.admin.execute(OPERATIONS.recommendations, variables)).expectData().recommendations;
  }
  const listed = async (): Promise<string[]> =>
    (await list()).nodes.map(({ item }: { item: { externalId: string } }) => item.externalId);
  const click = (place: Locator) => {
    clicks += 1;
    return place.click();
  };
  const openPlacement = async () => {
    await click(page.getByRole('link', { name: 'What lists earn' }));
    await click(page.getByRole('link', { name: PLACEMENT }).first());
  };
  const save = async () => {
    // The message of an earlier one may still be there.
    const answer = page.waitForResponse((each) => each.request().postDataJSON()?.operationName === 'SavePlacement');
    await click(page.getByRole('button', { name: 'Save' }));
    await (await answer).finished();
    await page.getByText(`“${PLACEMENT}” is saved, and in force in the next list.`).first().waitFor();
  };

  it('pins three items until Friday in six clicks at most', async () => {
    await openPlacement();
    await click(page.getByText('after Friday'));
    const field = page.getByRole('combobox', { name: 'Pin items' });
    await click(field);
    for (const n of [9, 10, 11]) {
      await field.fill(`Item ${n}`);
      await page.getByRole('option', { name: `Item ${n} item-${n}` }).waitFor();
      await field.press('ArrowDown');
      await field.press('Enter');
      await page
        .getByRole('list', { name: 'Rules' })
        .getByRole('link', { name: `Item ${n}` })
        .waitFor();
    }
    await page.getByRole('list', { name: 'With your changes' }).getByText('pinned').nth(2).waitFor();
    await save();
    expect(clicks).toBeLessThanOrEqual(6);
    expect((await listed()).slice(0, 3)).toEqual(['item-9', 'item-10', 'item-11']);
  });

  it('hides a brand in five clicks at most, and says which pin goes with it', async () => {
    await openPlacement();
    await click(page.getByRole('button', { name: 'Hide', exact: true }));
    const brands = page.getByRole('list', { name: 'Rules' }).getByRole('combobox', { name: 'Brands' });
    await click(brands);
    await brands.fill('North');
    await brands.press('Enter');
    await page.getByText('a hide rule, or the filter of the placement, keeps the item out').waitFor();
    await save();
    expect(clicks).toBeLessThanOrEqual(5);
    expect(await listed()).not.toContain('item-9');
  });

  it('shows what another admin has saved meanwhile, and keeps what was typed; a former state comes back', async () => {
    await openPlacement();
    await page.getByRole('button', { name: 'At most' }).click();
    const states = page.getByRole('list', { name: 'States' }).getByRole('listitem');
    const basedOn = await states.count();
    await run('save-placement', { name: PLACEMENT, basedOn, definition: { title: 'By another' } });
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('added: Title “By another”').waitFor();
    await page.getByRole('button', { name: 'Keep mine, to save over theirs' }).click();
    await save();
    expect(await listed()).not.toContain('item-9');
    await page.getByRole('button', { name: 'Put state 1 back' }).click();
    await page.getByText('State 1 is in force again.').waitFor();
    expect((await listed())[0]).toBe('item-9');
  });

  it('starts an A/B and promotes an arm in eight clicks at most', async () => {
    await click(page.getByRole('link', { name: 'Experiments' }));
    await click(page.getByRole('button', { name: 'Start an experiment' }));
    const dialog = page.getByRole('dialog', { name: 'Start an experiment' });
    clicks += 2; // opens the list, and chooses
    await dialog.getByRole('group', { name: 'Arm B' }).getByLabel('Model').selectOption('Version 2');
    await click(dialog.getByRole('button', { name: 'Start', exact: true }));
    await page.getByText('No arm is clearly better than the control arm so far.').waitFor();
    await click(page.getByRole('button', { name: 'Promote B' }));
    await click(page.getByRole('button', { name: 'Promote it', exact: true }));
    await page.getByText(`“${PLACEMENT}” has the lists of “B” from now on.`).waitFor();
    expect(clicks).toBeLessThanOrEqual(8);
    expect((await list()).modelVersion.number).toBe(2);
  });

  it('says what lists earned last week in one click', async () => {
    await click(page.getByRole('link', { name: 'What lists earn' }));
    await page.getByText('€30.00').first().waitFor();
    await page.getByRole('img', { name: /^Revenue by day/ }).waitFor();
    await page.getByText(`${PLACEMENT}, EUR`).waitFor();
    expect(clicks).toBe(1);
  });

  it('says why an item is missing in three clicks', async () => {
    await click(page.getByRole('link', { name: 'Users', exact: true }));
    await click(page.getByRole('link', { name: USER, exact: true }));
    const field = page.getByRole('combobox', { name: 'What is missing' });
    await click(field);
    await field.fill('Item 0');
    await page.getByRole('option', { name: 'Item 0 item-0' }).waitFor();
    await field.press('ArrowDown');
    await field.press('Enter');
    await page.getByRole('list', { name: 'What would help' }).waitFor();
    expect(clicks).toBeLessThanOrEqual(3);
  });
});
