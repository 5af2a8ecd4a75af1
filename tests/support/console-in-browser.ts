/** The console of a served shop, and a browser to look at it, for the tests of one file. */
import type { Browser, Page } from 'playwright-core';

import { hasBrowser, openBrowser, openPage, type TestPage, type TestPageOptions, USUAL_SIZE, visit } from './browser';
import { type ConsoleShop, openConsoleShop } from './console-shop';

export interface ConsoleInBrowser {
  readonly shop: ConsoleShop;
  readonly browser: Browser;
  /** Shows an address in the tab that the tests of a file share. Problems that are not `expected` fail the test. */
  open(path: string, expected?: RegExp): Promise<Page>;
  /** Opens a tab for one test alone, which closes it. */
  openTab(path: string, options?: TabOptions): Promise<Page>;
  /** As `openTab`, of no address yet. */
  newTab(options?: TabOptions): Promise<Page>;
}

interface TabOptions extends TestPageOptions {
  readonly expected?: RegExp;
}

/** `describe`, or its skipping twin where there is no Chromium. */
export const describeInBrowser: typeof describe | typeof describe.skip = hasBrowser ? describe : describe.skip;
if (!hasBrowser) {
  console.warn(
    'No Chromium: the console is not tested. Install one (apt-get install chromium) or name it in CHROMIUM_PATH.',
  );
}

/**
 * Call it within `describe`, or once for all of a file.
 *
 * @param open - Starts the shop; absent: the usual one.
 * @returns Both, as soon as the tests run.
 */
export function consoleInBrowser(open: () => Promise<ConsoleShop> = openConsoleShop): ConsoleInBrowser {
  const closing: (() => Promise<void>)[] = [];
  let shared: TestPage | undefined;
  let expectedThere: RegExp | undefined;
  const opened = {
    async open(path: string, expected?: RegExp) {
      expectedThere = expected;
      const isFirst = shared === undefined;
      shared ??= await openPage(opened.browser!, opened.shop!.url);
      const { page } = shared;
      await page.setViewportSize(USUAL_SIZE);
      await (isFirst ? page.goto(path) : visit(page, path));
      return page;
    },
    async openTab(path: string, options?: TabOptions) {
      const page = await opened.newTab(options);
      await page.goto(path);
      return page;
    },
    async newTab({ expected, ...options }: TabOptions = {}) {
      const { page, close } = await openPage(opened.browser!, opened.shop!.url, options);
      closing.push(() => close(expected));
      return page;
    },
  } as { shop?: ConsoleShop; browser?: Browser } & Pick<ConsoleInBrowser, 'open' | 'openTab' | 'newTab'>;
  if (!hasBrowser) return opened as ConsoleInBrowser; // the tests are skipped
  beforeAll(async () => {
    [opened.shop, opened.browser] = await Promise.all([open(), openBrowser()]);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    const problems = shared?.problems.splice(0) ?? [];
    expect(problems.filter((problem) => !expectedThere?.test(problem))).toEqual([]);
    expectedThere = undefined;
  });
  afterAll(async () => {
    await opened.browser?.close();
    await opened.shop?.dispose();
  });
  return opened as ConsoleInBrowser;
}
