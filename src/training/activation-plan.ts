/** What has to happen to a tokenizer's semantic IDs before it can be live: what the log tells since it last was. */
import type { CodeChange } from '../../models/decoding/trie';
import type { ModelVersion, Tokenizer } from '../../prisma/generated/sqlite/client';
import type { CatalogueServices } from '../catalogue/catalogue-services';
import { findLiveTokenizer, type LiveTokenizer, tokenizerOf } from '../semantic-ids/live-tokenizer';
import {
  itemsToEncode,
  namedItemsToEncode,
  planCodes,
  plannedChanges,
  type PlannedCodes,
  readCodes,
} from '../semantic-ids/reencoding';
import { changesSince } from '../storage/change-log';
import type { Transaction } from '../storage/database';
import { liveItemIds } from '../storage/item-ids';

export type StoredVersion = ModelVersion & { readonly tokenizer: Tokenizer };

export interface ActivationPlan {
  readonly tokenizer: LiveTokenizer;
  /** The tokenizer that is live now; null when there is none. */
  readonly live: LiveTokenizer | null;
  /** The last change that its codes had followed when it was last live; 0: it never was, or is. */
  readonly since: number;
  /** Codes for items that have none under it, or that have another text or vector since. */
  readonly codes: readonly PlannedCodes[];
  /**
   * What has become of its items since it was live, those codes included; null when it has never been kept in step with the
   * log, so that its counts have to be made from nothing.
   */
  readonly changes: readonly CodeChange[] | null;
}

/** Reads and computes only. */
export async function planActivation(services: CatalogueServices, version: StoredVersion): Promise<ActivationPlan> {
  const { read } = services.database;
  const tokenizer = tokenizerOf(version);
  const live = await findLiveTokenizer(read);
  const isLive = live?.id === tokenizer.id;
  const since = isLive ? 0 : version.tokenizer.catalogueVersion;
  const touched = since === 0 ? new Map<number, Touched>() : await touchedSince(read, since);
  const codes = await planMissing(services, tokenizer, touched);
  const isInStep = isLive || since > 0;
  return { tokenizer, live, since, codes, changes: isInStep ? await changesOf(read, tokenizer, touched, codes) : null };
}

interface Touched {
  /** Whether it was live when the tokenizer last was. */
  readonly wasLive: boolean;
  /** Whether its text or vector is another one since. */
  readonly isReencoded: boolean;
}

async function touchedSince(client: Transaction, version: number): Promise<Map<number, Touched>> {
  const touched = new Map<number, Touched>();
  for (const { kind, itemId, isReencoded } of await changesSince(client, version)) {
    // Only what is not live can be added or restored, and only what is live can be changed or removed.
    const wasLive = kind !== 'ITEMS_ADDED' && kind !== 'ITEMS_RESTORED';
    const first = touched.get(itemId) ?? { wasLive, isReencoded };
    touched.set(itemId, { ...first, isReencoded: first.isReencoded || isReencoded });
  }
  return touched;
}

async function planMissing(
  services: CatalogueServices,
  tokenizer: LiveTokenizer,
  touched: ReadonlyMap<number, Touched>,
): Promise<PlannedCodes[]> {
  const { read } = services.database;
  const missing = await itemsToEncode(read, {
    removedAt: null,
    semanticIds: { none: { tokenizerId: tokenizer.id } },
  });
  const isMissing = new Set(missing.map(({ itemId }) => itemId));
  const reencoded = [...touched.keys()].filter((itemId) => touched.get(itemId)!.isReencoded && !isMissing.has(itemId));
  const stale = await namedItemsToEncode(read, [...(await liveItemIds(read, reencoded))]);
  const items = [...missing, ...stale];
  return items.length === 0 ? [] : planCodes(services, tokenizer, items);
}

async function changesOf(
  client: Transaction,
  tokenizer: LiveTokenizer,
  touched: ReadonlyMap<number, Touched>,
  codes: readonly PlannedCodes[],
): Promise<CodeChange[]> {
  const planned = new Map(plannedChanges(codes).map(({ itemId, after }) => [itemId, after]));
  const itemIds = [...new Set([...touched.keys(), ...planned.keys()])];
  const present = await readCodes(client, tokenizer.id, itemIds);
  const liveIds = await liveItemIds(client, itemIds);
  return itemIds.map((itemId) => {
    const stored = present.get(itemId) ?? null;
    const before = (touched.get(itemId)?.wasLive ?? true) ? stored : null;
    return { itemId, before, after: liveIds.has(itemId) ? (planned.get(itemId) ?? stored) : null };
  });
}
