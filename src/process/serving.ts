/** Joins what makes lists of recommendations. */
import type { Metrics } from '../http/metrics';
import { ColdItems } from '../recommend/cold-items';
import { DecodePool } from '../recommend/decode-pool';
import { ItemFilters } from '../recommend/item-filters';
import { Popularity } from '../recommend/popularity';
import { ListQueue } from '../recommend/queue';
import { Recommender } from '../recommend/recommender';
import type { ListMaker } from '../recommend/version-recommender';
import { currentVersion } from '../storage/change-log-reads';
import type { Database } from '../storage/database';
import { itemIdsOf } from '../storage/item-rows';
import { RequestReads } from '../storage/request-reads';
import type { DecodeProtocol } from '../workers/messages';
import type { WorkerClient } from '../workers/spawn-worker';

export interface Serving {
  readonly pool: DecodePool;
  readonly queue: ListQueue;
  readonly popularity: Popularity;
  readonly filters: ItemFilters;
  readonly coldItems: ColdItems;
  readonly requestReads: RequestReads;
  readonly recommenderBy: (maker: ListMaker) => Recommender;
}

export interface ServingParts {
  readonly database: Database;
  /** One per decode thread. */
  readonly decodeWorkers: readonly WorkerClient<DecodeProtocol>[];
  readonly metrics: Metrics;
}

export function createServing({ database, decodeWorkers, metrics }: ServingParts): Serving {
  const pool = new DecodePool(decodeWorkers);
  const queue = new ListQueue(pool, metrics.batchDone);
  const popularity = new Popularity();
  const findIds = (externalIds: readonly string[]) => itemIdsOf(database.read, externalIds);
  const requestReads = new RequestReads(database.hotPath);
  const filters = new ItemFilters(database.read);
  const coldItems = new ColdItems(database.read, queue);
  const catalogueVersion = () => currentVersion(database.read);
  const shared = { itemIdsOf: findIds, requestReads, filters, popularity, catalogueVersion };
  const recommenderBy = (maker: ListMaker) =>
    new Recommender({
      ...shared,
      lists: maker,
      coldItems: maker === queue ? coldItems : new ColdItems(database.read, maker),
    });
  return { pool, queue, popularity, filters, coldItems, requestReads, recommenderBy };
}
