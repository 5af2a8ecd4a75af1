/** Where there is no Chromium the tests of the console are skipped, and say so. */
import { hasBrowser } from './browser';

/** `describe`, or its skipping twin where there is no Chromium. */
export const describeInBrowser: typeof describe | typeof describe.skip = hasBrowser ? describe : describe.skip;
if (!hasBrowser) {
  console.warn(
    'No Chromium: the console is not tested. Install one (apt-get install chromium) or name it in CHROMIUM_PATH.',
  );
}
