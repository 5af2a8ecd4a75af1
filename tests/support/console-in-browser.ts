/** The console of a served shop, and a browser to look at it, for the tests of one file. */
import type { Browser } from 'playwright-core';

import { hasBrowser, openBrowser } from './browser';
import { type ConsoleShop, openConsoleShop } from './console-shop';

export interface ConsoleInBrowser {
  readonly shop: ConsoleShop;
  readonly browser: Browser;
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
  const opened = {} as { shop?: ConsoleShop; browser?: Browser };
  if (!hasBrowser) return opened as ConsoleInBrowser; // the tests are skipped
  beforeAll(async () => {
    [opened.shop, opened.browser] = await Promise.all([open(), openBrowser()]);
  });
  afterAll(async () => {
    await opened.browser?.close();
    await opened.shop?.dispose();
  });
  return opened as ConsoleInBrowser;
}
