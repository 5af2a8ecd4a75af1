/** Makes folders, and tells why when it cannot. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, as far as they are not there.
 *
 * Where Node makes several at once on a read-only disk, it says that there is no such folder. Then one after the other is tried, since
 * a caller who waits for a disk must know a read-only one.
 */
export async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await makeFolder(dirname(dir));
    await mkdir(dir);
  }
}
