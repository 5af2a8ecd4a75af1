/** The access of callers without a key, and the rule of the demo shop. */
import type { ReadAccess } from '../config';
import type { Logger } from '../logger';
import type { Database } from '../storage/database';
import { hasDemoAlone } from '../storage/last-ids';

/** How often the server looks for data that is not the demo shop's, while that shop is open to all. */
const LOOK_EVERY_MS = 2_000;

/** @returns What may be read now. */
export type ReadAccessNow = () => Promise<ReadAccess>;

/**
 * A setting always holds. Without one, reading is open as long as all users, items and interactions are those of the demo shop; the
 * first other one ends that, and it stays so. A shop may number its users as the demo does, so users alone do not tell.
 */
export function readAccessOf(database: Database, setting: ReadAccess | undefined, logger: Logger): ReadAccessNow {
  if (setting !== undefined) return () => Promise.resolve(setting);
  let lookedAt = -Infinity;
  let isDemo: Promise<boolean | null> | null = null;
  let wasOpen: boolean | null = null;
  const look = async () => {
    const isOpen = await hasDemoAlone(database.read);
    if (isOpen !== null && isOpen !== wasOpen) logger.info(newsOf(isOpen, wasOpen));
    wasOpen = isOpen;
    return isOpen;
  };
  return async () => {
    if (wasOpen === false) return 'catalogue';
    if (performance.now() - lookedAt >= LOOK_EVERY_MS) {
      lookedAt = performance.now();
      isDemo = look();
      // A failed look-up fails the requests that wait for it, and the next one looks again.
      isDemo.catch(() => (lookedAt = -Infinity));
    }
    return (await isDemo) ? 'open' : 'catalogue';
  };
}

const OPEN =
  'The users are those of the demo shop, so everybody may read their histories. The first user, item or interaction of your own ends that; TIGERQL_READ_ACCESS changes it.';
const NEEDS_KEY = 'Reading users and histories needs a key. Set TIGERQL_READ_ACCESS to change that.';
const CLOSED =
  'There are users, items or interactions beside those of the demo shop, so reading users and histories needs a key from now on (TIGERQL_READ_ACCESS).';

function newsOf(isOpen: boolean, wasOpen: boolean | null): string {
  if (isOpen) return OPEN;
  return wasOpen ? CLOSED : NEEDS_KEY;
}
