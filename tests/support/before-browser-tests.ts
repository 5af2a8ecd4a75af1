/** Makes the shop that the tests of the console begin with, once for all their files. */
import { hasBrowser } from './browser';
import { makeConsoleShop } from './console-shop';

export = async (): Promise<void> => {
  if (hasBrowser) await makeConsoleShop();
};
