/** A model trained on the little shop, its worker and the recommender, without a database. Both heads share in every list. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ItemFilterArgs, ItemRecord } from '../../graphql/item/records';
import type { BecauseRecord, RecommendationArgs, RecommendationList } from '../../graphql/recommendation/records';
import { loadCheckpoint, saveCheckpoint } from '../../models/checkpoint/checkpoint';
import { openDevice } from '../../models/compute/backends';
import type { InteractionLog } from '../../models/data/interactions';
import { KIND_RULES } from '../../models/data/kinds';
import type { CodeChange } from '../../models/decoding/trie';
import { loadTokenizer } from '../../models/serving/load-served';
import { ColdItems } from '../../src/recommend/cold-items';
import { DecodePool } from '../../src/recommend/decode-pool';
import type { ItemFilters } from '../../src/recommend/item-filters';
import { Popularity } from '../../src/recommend/popularity';
import { ListQueue } from '../../src/recommend/queue';
import { Recommender } from '../../src/recommend/recommender';
import { WhyNot } from '../../src/recommend/why-not';
import { vectorBytes } from '../../src/storage/item-rows';
import type { Transaction } from '../../src/storage/transaction';
import type { DecodeProtocol, DecodeWorkerData } from '../../src/workers/messages';
import { spawnWorker } from '../../src/workers/spawn-worker';
import { bothKinds } from './candidates';
import { allBought } from './little-log';
import { littleInteractions, littleItems } from './little-shop';
import { fitLittle } from './little-training';
import { madeOnce } from './made-once';

const ITEMS = littleItems();
const DIMS = ITEMS[0].embedding.length;
/** Item row r has this id: ids and rows are not to be mixed up. */
const idOf = (row: number) => 101 + row;
export const ITEM_IDS = ITEMS.map((_, row) => idOf(row));
/** The last item has no interactions in training. */
export const NEVER_BOUGHT = idOf(ITEMS.length - 1);
/** The item head's share in every list. */
export const SHARE = 0.5;

/** Stands for the database's item vectors; items added later have none. */
const VECTORS = {
  itemVector: {
    findMany: ({ where }: { where: { itemId: { in: number[] } } }) =>
      Promise.resolve(
        where.itemId.in
          .filter((id) => ITEM_IDS.includes(id))
          .map((itemId) => ({
            itemId,
            encoder: 'little',
            dims: DIMS,
            data: vectorBytes(Float32Array.from(ITEMS[itemId - idOf(0)].embedding)),
          })),
      ),
  },
} as unknown as Transaction;

export interface FusedShop {
  /** User number → items bought, oldest first. */
  readonly histories: ReadonlyMap<number, readonly number[]>;
  /** The codes that the training gave the item. */
  codesOf(itemId: number): readonly number[];
  /** @returns The codebook codes of a vector. */
  encode(vector: readonly number[]): Promise<readonly number[]>;
  listFor(user: number, args: FusedArgs): Promise<RecommendationList>;
  /** For a visitor who has these items. */
  listForHistory(itemIds: readonly number[], args: FusedArgs): Promise<RecommendationList>;
  /** For the same visitor. @returns What each of the recommended items is due to. */
  because(
    history: readonly number[],
    recommended: readonly number[],
  ): Promise<ReadonlyMap<number, readonly BecauseRecord[]>>;
  /** For a user. @returns Why the list does not have the item. */
  whyNot(user: number, itemId: number, args: RecommendationArgs): ReturnType<WhyNot['whyNot']>;
  /** Gives items other codes, adds them or takes them out. */
  change(changes: readonly CodeChange[]): Promise<void>;
  dispose(): Promise<void>;
}

export type FusedArgs = Omit<RecommendationArgs, 'filter'> & { readonly only?: readonly number[] };

export async function openFusedShop(): Promise<FusedShop> {
  const histories = boughtByUser();
  const dir = await madeOnce('fused-shop', (folder) => train(folder, histories));
  const checkpointDir = join(dir, 'fused');
  const semanticIds = JSON.parse(await readFile(join(dir, 'semantic-ids.json'), 'utf8')) as number[][];
  const popularity = new Popularity();
  for (const itemId of ITEM_IDS) popularity.add(itemId, itemId === NEVER_BOUGHT ? 0 : 1);
  const data: DecodeWorkerData = { backend: 'onnx-cpu', threads: 1 };
  const workers = [1, 2].map(() => spawnWorker<DecodeProtocol>('decode', data));
  const pool = new DecodePool(workers);
  pool.onLost = (cause) => {
    throw cause;
  };
  const queue = new ListQueue(pool);
  await pool.load({
    ...{ modelVersionId: 1, tokenizerId: 1, catalogueVersion: 1, checkpointDir },
    table: {
      idLength: semanticIds[0].length,
      itemIds: Int32Array.from(ITEM_IDS),
      codes: Int32Array.from(semanticIds.flat()),
    },
    live: new Uint8Array(ITEMS.length).fill(1),
  });
  /** Equal filters have one id, by which the worker keeps their masks through changes of the trie. */
  const filterIds = new Map<string, number>();
  const filterIdOf = (filter: string) => {
    if (!filterIds.has(filter)) filterIds.set(filter, filterIds.size);
    return filterIds.get(filter)!;
  };
  const recommender = new Recommender({
    itemIdsOf: (ids) => Promise.resolve(new Map(ids.map((id) => [id, Number(id)]))),
    requestReads: {
      shown: () => Promise.resolve(new Map()),
      placements: async () => new Map(),
      shelves: async () => new Map(),
      histories: () =>
        Promise.resolve(
          new Map(
            [...histories].map(([user, itemIds]) => [
              user,
              {
                externalId: `user-${user}`,
                itemIds,
                seen: new Set(itemIds),
                dismissed: new Set(),
                timeAt: () => 0,
                kindAt: () => 'PURCHASE',
              },
            ]),
          ),
        ),
    },
    filters: {
      alike: () => [], // no item is in a group
      passing: ({ externalIds }: ItemFilterArgs) =>
        Promise.resolve(
          externalIds ? { id: filterIdOf(String(externalIds)), itemIds: Int32Array.from(externalIds, Number) } : null,
        ),
    } as unknown as ItemFilters,
    popularity,
    kinds: KIND_RULES,
    live: { pool, lists: queue, coldItems: new ColdItems(VECTORS, pool) },
    trending: { ranking: async () => [] },
    named: { use: () => Promise.reject(new Error('expected the live version')) },
    catalogueVersion: () => Promise.resolve(1),
    placementState: async () => null,
    textShelves: { find: async () => null },
  });
  const whyNot = new WhyNot({
    ...{ recommender, popularity, kinds: KIND_RULES },
    filters: { failing: async () => [], alike: () => [] },
    catalogue: { item: async (externalId) => ({ id: Number(externalId), removedAt: null }) as ItemRecord },
  });
  let version = 1;
  return {
    histories,
    codesOf: (itemId) => semanticIds[itemId - idOf(0)],
    async encode(vector) {
      const tokenizer = await loadTokenizer(checkpointDir);
      return Array.from(tokenizer.assign(Float32Array.from(vector), DIMS));
    },
    listFor(user, { only, ...args }) {
      const filter = only === undefined ? null : { externalIds: only.map(String) };
      return recommender.recommend({ userId: user }, { ...args, filter });
    },
    listForHistory: (itemIds, args) =>
      recommender.recommend({ history: itemIds.map(String) }, { ...args, filter: null }),
    because: (history, recommended) =>
      recommender.because({ history: history.map(String) }, { first: 1, includeSeen: true }, recommended),
    whyNot: (user, itemId, args) => whyNot.whyNot({ userId: user }, args, String(itemId)),
    async change(changes) {
      await pool.apply({ catalogueVersion: ++version, changes });
      for (const { itemId, after } of changes) {
        if (after === null) popularity.remove(itemId);
        else popularity.add(itemId, ITEM_IDS.includes(itemId) && itemId !== NEVER_BOUGHT ? 1 : 0);
      }
    },
    async dispose() {
      await pool.dispose();
    },
  };
}

function boughtByUser(): Map<number, number[]> {
  const histories = new Map<number, number[]>();
  for (const event of littleInteractions()) {
    const user = Number(event.user.externalId.slice('user-'.length));
    const itemId = idOf(Number(event.item.externalId.slice('item-'.length)));
    if (itemId !== NEVER_BOUGHT) histories.set(user, [...(histories.get(user) ?? []), itemId]);
  }
  return histories;
}

/** Leaves what `fitTiger` made, in a checkpoint whose share is `SHARE`, whatever validation says of so small a model. */
async function train(dir: string, histories: ReadonlyMap<number, readonly number[]>): Promise<void> {
  const device = await openDevice({ backend: 'onnx-cpu', threads: 1 });
  try {
    const fitted = await fitLittle(device, dir, {
      itemIds: Int32Array.from(ITEM_IDS),
      log: logOf(histories),
      vectors: Float32Array.from(ITEMS.flatMap(({ embedding }) => embedding)),
      dims: DIMS,
      categories: [],
      experiment: null,
    });
    const { tensors, documents } = await loadCheckpoint(fitted.checkpointDir);
    const weights = bothKinds({ decoder: 1 - SHARE, itemHead: SHARE });
    await saveCheckpoint(join(dir, 'fused'), { tensors, documents: { ...documents, weights } });
    await writeFile(join(dir, 'semantic-ids.json'), JSON.stringify(fitted.semanticIds));
  } finally {
    device.dispose();
  }
}

function logOf(histories: ReadonlyMap<number, readonly number[]>): InteractionLog {
  const lists = [...histories.values()];
  const items = Int32Array.from(lists.flat(), (itemId) => itemId - idOf(0));
  let end = 0;
  return allBought({
    userKeys: Array.from(histories.keys(), (user) => `user-${user}`),
    offsets: Int32Array.from([0, ...lists.map(({ length }) => (end += length))]),
    items,
    times: Float64Array.from(items.keys()),
  });
}
