/** Joins what makes lists of recommendations. */
import type { Metrics } from '../http/metrics';
import type { Logger } from '../logger';
import { ColdItems } from '../recommend/cold-items';
import { DecodePool } from '../recommend/decode-pool';
import { ItemFilters, RecommendationReads } from '../recommend/item-filters';
import { ListQueue } from '../recommend/list-queue';
import type { ListMaker } from '../recommend/other-version';
import { Popularity } from '../recommend/popularity';
import { Recommender } from '../recommend/recommender';
import { currentVersion } from '../storage/change-log-reads';
import type { Database } from '../storage/database';
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
  readonly logger: Logger;
  /** Called when a decode worker has lost the live model. */
  readonly restoreSoon: () => void;
}

export function createServing({ database, decodeWorkers, metrics, logger, restoreSoon }: ServingParts): Serving {
  const pool = new DecodePool(decodeWorkers, (cause) => {
    logger.error({ err: cause }, 'A decode worker has no live model. It loads the active one.');
    restoreSoon();
  });
  const queue = new ListQueue(pool, metrics.batchDone);
  const popularity = new Popularity();
  const reads = new RecommendationReads(database.read);
  const requestReads = new RequestReads(database.hotPath);
  const filters = new ItemFilters(reads);
  const coldItems = new ColdItems(database.read, queue);
  const catalogueVersion = () => currentVersion(database.read);
  const shared = { reads, requestReads, filters, popularity, catalogueVersion };
  const recommenderBy = (maker: ListMaker) =>
    new Recommender({
      ...shared,
      lists: maker,
      coldItems: maker === queue ? coldItems : new ColdItems(database.read, maker),
    });
  return { pool, queue, popularity, filters, coldItems, requestReads, recommenderBy };
}
