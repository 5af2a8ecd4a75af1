/** Brings files to the disk, so that a power cut cannot take them. */
import { open } from 'node:fs/promises';

/** Resolves when a file, or a folder's list of names, is on the disk. */
export async function flush(path: string): Promise<void> {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
