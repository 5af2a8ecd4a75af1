/** Copies a folder of files that are never changed: both folders then have the same files. */
import { copyFile, link, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { makeFolder } from '../../models/checkpoint/make-folder';

/** Leaves out what is no plain file. */
export async function linkFolder(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    // Some file systems have no links.
    await link(source, target).catch(() => copyFile(source, target));
  }
}
