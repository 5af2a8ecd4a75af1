/** The console of a served shop, and a browser to look at it, for the tests of one file. */
import type { Browser, Page } from 'playwright-core';

import { hasBrowser, openBrowser, openPage, type TestPageOptions } from './browser';
import { type ConsoleShop, openConsoleShop } from './console-shop';

export interface ConsoleInBrowser {
  readonly shop: ConsoleShop;
  readonly browser: Browser;
  /** Opens a page for one test, which closes it and fails for problems that are not `expected`. */
  open(path: string, options?: PageOptions): Promise<Page>;
  /** As `open`, of no address yet. */
  newPage(options?: PageOptions): Promise<Page>;
}

interface PageOptions extends TestPageOptions {
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
  const opened = {
    async newPage({ expected, ...options }: PageOptions = {}) {
      const { page, close } = await openPage(opened.browser!, opened.shop!.url, options);
      closing.push(() => close(expected));
      return page;
    },
    async open(path: string, options?: PageOptions) {
      const page = await opened.newPage(options);
      await page.goto(path);
      return page;
    },
  } as { shop?: ConsoleShop; browser?: Browser } & Pick<ConsoleInBrowser, 'open' | 'newPage'>;
  if (!hasBrowser) return opened as ConsoleInBrowser; // the tests are skipped
  beforeAll(async () => {
    [opened.shop, opened.browser] = await Promise.all([open(), openBrowser()]);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(async () => {
    await opened.browser?.close();
    await opened.shop?.dispose();
  });
  return opened as ConsoleInBrowser;
}
