/** The demo shop, UCI Online Retail: see seeds/online-retail/ATTRIBUTION.md. */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PACKAGE_ROOT } from '../paths';
import type { Database } from '../storage/database';
import { importDataset, type ImportDatasetOptions } from './import-dataset';
import { readDataset } from './read-dataset';

export const DEMO_DIR = join(PACKAGE_ROOT, 'seeds', 'online-retail');

/** This file exists from before the first row is loaded until the training is requested, because a first start can stop anywhere. */
const markerOf = (dataDir: string) => join(dataDir, 'demo-shop.unfinished');

/**
 * Loads the demo shop into an empty database, or continues where an earlier start stopped.
 *
 * @returns Whether its model must be trained. If so, call `completeDemoShop` after the training has been requested.
 */
export async function prepareDemoShop(
  database: Database,
  dataDir: string,
  options: ImportDatasetOptions = {},
): Promise<boolean> {
  if (!existsSync(markerOf(dataDir))) {
    if (!(await isEmpty(database))) return false;
    await mkdir(dataDir, { recursive: true });
    await writeFile(markerOf(dataDir), 'The demo shop is not set up completely. The next start continues.\n');
  }
  const dataset = await readDataset(DEMO_DIR);
  await importDataset(database, dataset, options);
  await markDemoUsers(database, dataset.counts.users);
  return true;
}

/** Removes the marker of an unfinished demo shop. */
export function completeDemoShop(dataDir: string): Promise<void> {
  return rm(markerOf(dataDir), { force: true });
}

/** Stores which users are the demo's, unless others came while it was loaded. */
async function markDemoUsers(database: Database, numUsers: number): Promise<void> {
  await database.write(async (transaction) => {
    const { _count, _max } = await transaction.user.aggregate({ _count: true, _max: { id: true } });
    if (_count !== numUsers || _max.id === null) return;
    const data = { lastUserId: _max.id };
    await transaction.demoShop.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data });
  });
}

async function isEmpty({ read }: Database): Promise<boolean> {
  const [items, users] = await Promise.all([read.item.count(), read.user.count()]);
  return items === 0 && users === 0;
}
