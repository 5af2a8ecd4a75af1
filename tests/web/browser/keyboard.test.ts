/** The console without a pointer, in a real browser. */
import type { Page } from 'playwright-core';

import { until, untilLoaded, visit } from '../../support/browser';
import { consoleInBrowser, describeInBrowser } from '../../support/console-in-browser';
import { holdAnswers, refuseOperation } from '../../support/held-answers';

/** More than any of the pages has to tab through. */
const MAX_STEPS = 400;

/** Runs in the page after each press of Tab, and says what it finds. */
const LOOK = `(async () => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const finished = () => Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
  const looks = () => [element, element.parentElement, element.parentElement?.parentElement]
    .map((each) => each && getComputedStyle(each))
    .map((style) => style && [style.outline, style.boxShadow, style.borderColor, style.backgroundColor, style.opacity, style.transform].join());
  const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? '';
  const isFirst = !element.hasAttribute('data-walked');
  const isSame = element === window.walkedLast; // a field for a date has several stops
  window.walkedLast = element;
  element.setAttribute('data-walked', '');
  if (!isFirst) return { goesOn: isSame, line: '' };
  await finished();
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  let isMarked = outlineStyle !== 'none' && outlineWidth !== '0px';
  if (!isMarked) {
    const focused = looks();
    element.blur();
    await finished();
    isMarked = String(looks()) !== String(focused);
    element.focus();
  }
  return { goesOn: true, line: isMarked ? '' : 'no mark on ' + element.tagName + ' ' + name };
})()`;
const missedIn = (
  part: string,
) => `[...document.querySelector('${part}').querySelectorAll('a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea, [tabindex="0"]')]
  .filter((each) => each.tabIndex >= 0 && each.type !== 'radio' && each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((each) => each.getBoundingClientRect().width > 0 && !each.hasAttribute('data-walked'))
  .map((each) => 'not reached: ' + each.tagName + ' ' + (each.getAttribute('aria-label') ?? each.textContent?.trim().slice(0, 40)))`;

/** Presses Tab until the focus leaves the page, or comes round. @returns What nobody could see or reach there on the way. */
async function walk(page: Page, part: string): Promise<string[]> {
  const faults: string[] = [];
  for (let step = 0; step < MAX_STEPS; step++) {
    await page.keyboard.press('Tab');
    const seen = (await page.evaluate(LOOK)) as { goesOn: boolean; line: string } | null;
    if (seen === null || !seen.goesOn) break;
    if (seen.line !== '') faults.push(seen.line);
  }
  return [...faults, ...((await page.evaluate(missedIn(part))) as string[])];
}

const IS_AT_CONTENT = `document.activeElement?.id === 'content'`;
const isFocusIn = (selector: string) => `document.activeElement?.closest(${JSON.stringify(selector)}) !== null`;

describeInBrowser('the console by keys alone', () => {
  const opened = consoleInBrowser();

  async function open(path: string, title: string): Promise<Page> {
    const page = await opened.open(path);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await untilLoaded(page);
    return page;
  }

  it('reaches all that can be used on a page and in its frame, shows where the focus is, and skips to the content', async () => {
    const page = await open('/items', 'Items');
    expect(await walk(page, 'body')).toEqual([]);
    await page.getByRole('link', { name: 'Skip to the content' }).focus();
    await page.keyboard.press('Enter');
    await until(page, IS_AT_CONTENT);
  });

  // These have all kinds of fields, tables and charts.
  it.each([
    ['/recommendations?user=user-1&compare=1', 'Recommendations'],
    ['/training', 'Training'],
    ['/semantic-ids?view=reassign', 'Semantic IDs'],
    ['/keys', 'Keys'],
  ])('goes on at the content of %s, and reaches all that can be used there', async (path, title) => {
    const page = await open(path, title);
    await until(page, IS_AT_CONTENT);
    expect(await walk(page, '#content')).toEqual([]);
  });

  it('passes by the navigation that is folded away, and goes on at the content of the page that was opened', async () => {
    const page = await open('/items', 'Items');
    await page.setViewportSize({ width: 390, height: 844 });
    await until(page, `document.querySelector('nav[aria-label=Main]').inert`);
    await page.getByRole('button', { name: 'Navigation' }).press('Enter');
    await until(page, `!document.querySelector('nav[aria-label=Main]').inert`);
    await page.getByRole('link', { name: 'Users', exact: true }).press('Enter');
    await page.getByRole('heading', { name: 'Users', level: 1 }).waitFor();
    await until(page, isFocusIn('#content'));
  });

  it('does not come to the page that the open navigation covers, and closes that with Escape', async () => {
    const page = await open('/items', 'Items');
    await page.setViewportSize({ width: 375, height: 700 });
    const button = page.getByRole('button', { name: 'Navigation' });
    await button.press('Enter');
    await until(page, `document.querySelector('#content').inert`);
    for (let step = 0; step < 25; step++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(isFocusIn('#content'))).toBe(false);
    }
    await page.getByRole('button', { name: 'Admin key' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Use another key' }).press('Escape');
    await page.getByRole('menuitem', { name: 'Use another key' }).waitFor({ state: 'hidden' });
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('link', { name: 'Users', exact: true }).press('Escape');
    await until(page, isFocusIn('button[aria-label=Navigation][aria-expanded=false]'));
    await until(page, `!document.querySelector('#content').inert`);
  });

  it('keeps the focus in a dialog, and gives it back', async () => {
    const page = await open('/training', 'Training');
    const name = 'Start a training';
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await until(page, isFocusIn('[role=dialog]'));
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press(step % 7 === 6 ? 'Shift+Tab' : 'Tab');
      expect(await page.evaluate(isFocusIn('[role=dialog]'))).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await until(page, `document.activeElement?.textContent?.includes(${JSON.stringify(name)}) ?? false`);
  });

  it.each([
    ['/items', 'Items', 'Remove 1'],
    ['/items/item-9', 'Item 9', 'Remove'],
  ])('goes on at the content of %s when the button that removed an item goes too', async (path, title, name) => {
    const page = await open(path, title);
    if (path === '/items') await page.getByRole('checkbox', { name: 'Choose Item 8', exact: true }).press('Space');
    await page.getByRole('button', { name, exact: true }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove 1 item' }).press('Enter');
    await page.getByRole('button', { name, exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await until(page, `document.activeElement !== document.body && (${isFocusIn('#content')})`);
  });

  it('keeps the focus at the button of what the server has refused', async () => {
    const page = await open('/items/item-2', 'Item 2');
    await page.getByRole('button', { name: 'Edit' }).press('Enter');
    const end = await refuseOperation(page, 'UpdateItems');
    await page.getByLabel('Brand').fill('North');
    await page.getByRole('button', { name: 'Save' }).press('Enter');
    await page.getByRole('dialog').getByRole('alert').waitFor();
    await until(page, `document.activeElement?.textContent === 'Save'`);
    await end();
    await page.keyboard.press('Enter');
    await page.getByText('“Item 2” is saved.').waitFor();
    await until(page, `document.activeElement !== document.body && (${isFocusIn('#content')})`);
  });

  it('opens a code of the trie and picks a user by keys', async () => {
    const page = await open('/semantic-ids', 'Semantic IDs');
    await page.getByRole('list', { name: 'Codes that follow' }).getByRole('button').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/prefix=\d+$/);
    await visit(page, '/recommendations');
    await page.getByRole('combobox', { name: 'User', exact: true }).focus();
    await page.getByRole('option', { name: 'user-0', exact: true }).waitFor();
    // Enter that comes before the search has answered chooses no user of an older search.
    const release = await holdAnswers(page, 'PickUsers');
    await page.keyboard.type('user-1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await release();
    await page.getByRole('option', { name: 'user-1', exact: true }).waitFor();
    expect(await page.getByRole('option', { name: 'user-0', exact: true }).count()).toBe(0);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/user=user-1/);
    await page.getByRole('list', { name: 'List' }).waitFor();
  });

  it('keeps the focus in the field where an item was chosen', async () => {
    const page = await open('/users/by-keys', 'User by-keys');
    const item = page.getByRole('combobox', { name: 'Item' });
    await item.pressSequentially('item-3');
    await page.getByRole('option', { name: 'Item 3 item-3', exact: true }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await until(page, `document.activeElement?.value === 'Item 3'`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('User by-keys is new.').waitFor();
  });
});
