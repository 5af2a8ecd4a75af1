/** The demo shop that is shipped: UCI Online Retail, see seeds/online-retail/ATTRIBUTION.md. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../paths';
import type { Database } from '../storage/database';
import { importDataset, type ImportDatasetOptions } from './import-dataset';
import { readDataset } from './read-dataset';

export const DEMO_DIR = join(PACKAGE_ROOT, 'seeds', 'online-retail');

/** There from before the first row is loaded until the training is asked for: a first start may be cut short anywhere. */
const markerOf = (dataDir: string) => join(dataDir, 'demo-shop.unfinished');

/**
 * Loads the demo shop into an empty database, or goes on where a former start was cut short.
 *
 * @returns Whether its model is still to be trained; then call `completeDemoShop` once that has been asked for.
 */
export async function prepareDemoShop(
  database: Database,
  dataDir: string,
  options: ImportDatasetOptions = {},
): Promise<boolean> {
  if (!existsSync(markerOf(dataDir))) {
    if (!(await isEmpty(database))) return false;
    await mkdir(dataDir, { recursive: true });
    await writeFile(markerOf(dataDir), 'The demo shop is being set up; the next start goes on with it.\n');
  }
  await importDataset(database, await readDataset(DEMO_DIR), options);
  return true;
}

export function completeDemoShop(dataDir: string): Promise<void> {
  return rm(markerOf(dataDir), { force: true });
}

async function isEmpty({ read }: Database): Promise<boolean> {
  const [items, users] = await Promise.all([read.item.count(), read.user.count()]);
  return items === 0 && users === 0;
}
