/** The demo shop, UCI Online Retail: see seeds/online-retail/ATTRIBUTION.md. */
import { join } from 'node:path';

import { chunksOf } from '../../models/math/arrays';
import type { CatalogueServices } from '../catalogue/changes';
import { deleteItems } from '../catalogue/deletions';
import { eraseUsers } from '../catalogue/user-erasures';
import { PACKAGE_ROOT } from '../paths';
import type { Database } from '../storage/database';
import { lastInteractionId, lastItemId, lastUserId } from '../storage/last-ids';
import type { Transaction } from '../storage/transaction';
import type { DatasetCounts } from './dataset';
import { importDataset, type ImportDatasetOptions } from './import-dataset';
import { readDataset } from './read-dataset';

export const DEMO_DIR = join(PACKAGE_ROOT, 'seeds', 'online-retail');

/** So that progress is seen, and a stop is heard. */
const REMOVED_AT_ONCE = 100;

export interface DemoShopOptions extends ImportDatasetOptions {
  /** Stores the request for its training, in the transaction that completes the shop. */
  readonly requestTraining: (transaction: Transaction) => Promise<unknown>;
}

export type RemoveOptions = Pick<ImportDatasetOptions, 'signal' | 'onProgress'>;

/**
 * Loads the demo shop into an empty database and requests its training, or continues where an earlier start stopped. Of several processes
 * that do so at the same time, each adds what is missing still, and one requests the training.
 *
 * @returns Whether this process has completed it.
 * @throws The signal's reason when it is aborted. Any later call continues.
 */
export async function prepareDemoShop(
  database: Database,
  { requestTraining, ...options }: DemoShopOptions,
): Promise<boolean> {
  if (!(await database.write(begin))) return false;
  const dataset = await readDataset(DEMO_DIR, { signal: options.signal });
  await importDataset(database, dataset, options);
  return database.write(async (transaction) => {
    const last = (await hasDemoAlone(transaction, dataset.counts)) ? await lastIds(transaction) : {};
    const data = { ...last, isComplete: true };
    const { count } = await transaction.demoShop.updateMany({ where: { isComplete: false }, data });
    if (count > 0) await requestTraining(transaction);
    return count > 0;
  });
}

/** @returns Whether the database began with the demo shop, which stays beside all that comes later. */
export async function hasDemoShop({ read }: Pick<Database, 'read'>): Promise<boolean> {
  return (await read.demoShop.findFirst()) !== null;
}

/**
 * Deletes the items of the demo shop with all that was done with them, and its users who have done nothing else. It can be repeated.
 *
 * @returns How many items went.
 */
export async function removeDemoShop(services: CatalogueServices, options: RemoveOptions): Promise<number> {
  const { item, user } = services.database.read;
  const dataset = await readDataset(DEMO_DIR, options);
  const names = { items: await namesIn(dataset.items()), users: await namesIn(dataset.sequences()) };
  const total = names.items.length + names.users.length;
  let removed = 0;
  let done = 0;
  const next = (count: number) => {
    options.onProgress?.((done += count), total);
    options.signal?.throwIfAborted();
  };
  for (const some of chunksOf(names.items, REMOVED_AT_ONCE)) {
    const items = await item.findMany({ where: { externalId: { in: some } }, select: { id: true } });
    const ids = items.map(({ id }) => id);
    if (ids.length > 0) await deleteItems(services, ids, []);
    removed += ids.length;
    next(some.length);
  }
  for (const some of chunksOf(names.users, REMOVED_AT_ONCE)) {
    const idle = await user.findMany({ where: { externalId: { in: some }, interactions: { none: {} } } });
    const externalIds = idle.map(({ externalId }) => externalId);
    if (externalIds.length > 0) await eraseUsers(services, externalIds);
    next(some.length);
  }
  await services.database.write((transaction) => transaction.demoShop.deleteMany());
  return removed;
}

async function namesIn(rows: AsyncIterable<{ externalId: string } | { userExternalId: string }>): Promise<string[]> {
  const names: string[] = [];
  for await (const row of rows) names.push('externalId' in row ? row.externalId : row.userExternalId);
  return names;
}

/**
 * The row says that the shop is the demo's before the first item is loaded, because a first start can stop anywhere.
 *
 * @returns Whether it is to be loaded: the database is empty, or has a part of it.
 */
async function begin(transaction: Transaction): Promise<boolean> {
  const shop = await transaction.demoShop.findUnique({ where: { id: 1 } });
  if (shop !== null) return !shop.isComplete;
  if (!(await isEmpty(transaction))) return false;
  await transaction.demoShop.create({ data: { id: 1, lastUserId: 0, isComplete: false } });
  return true;
}

/** @returns False when something else came while it was loaded. */
async function hasDemoAlone(transaction: Transaction, { users, items, interactions }: DatasetCounts): Promise<boolean> {
  if ((await transaction.user.count()) !== users || (await transaction.item.count()) !== items) return false;
  return (await transaction.interaction.count()) === interactions;
}

async function lastIds(transaction: Transaction) {
  return {
    lastUserId: await lastUserId(transaction),
    lastItemId: await lastItemId(transaction),
    lastInteractionId: await lastInteractionId(transaction),
  };
}

async function isEmpty(transaction: Transaction): Promise<boolean> {
  return (await transaction.item.count()) === 0 && (await transaction.user.count()) === 0;
}
