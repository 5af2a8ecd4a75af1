/** The console of a served shop, and a browser to look at it, for the tests of one file. */
import type { Browser } from 'playwright-core';

import { hasBrowser, openBrowser } from './browser';
import { type ConsoleShop, openConsoleShop } from './console-shop';

export interface ConsoleInBrowser {
  readonly shop: ConsoleShop;
  readonly browser: Browser;
}

/**
 * Call it within `describe`, or once for all of a file.
 *
 * @param env - The server's, besides the usual.
 * @param interactions - Those of the shop; absent: the usual ones.
 * @returns What is there as soon as the tests run.
 */
export function consoleInBrowser(
  env?: Readonly<Record<string, string>>,
  interactions?: readonly object[],
): ConsoleInBrowser {
  const opened = {} as { shop?: ConsoleShop; browser?: Browser };
  if (!hasBrowser) return opened as ConsoleInBrowser; // the tests are skipped
  beforeAll(async () => {
    [opened.shop, opened.browser] = await Promise.all([openConsoleShop(env, interactions), openBrowser()]);
  });
  afterAll(async () => {
    await opened.browser?.close();
    await opened.shop?.dispose();
  });
  return opened as ConsoleInBrowser;
}
