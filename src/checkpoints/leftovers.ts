/** Removes folders that a killed process has left half-written. Nothing reads them, but they fill the disk. */
import { rm, stat } from 'node:fs/promises';

/** A process that still writes into its folder has begun within this time. */
const MAX_AGE_MS = 86_400_000;

/** Removes those of the folders that are a day old. */
export async function removeLeftovers(folders: readonly string[], now = Date.now()): Promise<void> {
  for (const folder of folders) {
    const begunAt = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => now, // another process was faster
    );
    if (now - begunAt > MAX_AGE_MS) await rm(folder, { recursive: true, force: true });
  }
}
