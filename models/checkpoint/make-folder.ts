/** Makes folders, and tells why when it cannot. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing, one after the other. Node's own `recursive` never ends in a working folder that was
 * removed. On a read-only disk it says that there is no such folder; a caller who waits for a disk must know that it is the disk.
 */
export async function makeFolder(dir: string): Promise<void> {
  const above = dirname(dir);
  await makeOne(dir).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || above === dir) throw error;
    await makeFolder(above);
    await makeOne(dir);
  });
}

async function makeOne(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    const found = await stat(dir).catch(() => null);
    if (found === null) throw error;
    if (!found.isDirectory()) throw Object.assign(new Error(`${dir} is a file`), { code: 'ENOTDIR', path: dir });
  }
}
