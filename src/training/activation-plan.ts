/** Plans an activation, and stores what it plans: which semantic IDs of a tokenizer have to change before it can be active. */
import type { CodeChange } from '../../models/decoding/trie';
import type { CatalogueServices } from '../catalogue/changes';
import {
  findActiveTokenizer,
  type ActiveTokenizer,
  type StoredVersion,
  tokenizerOf,
} from '../semantic-ids/active-tokenizer';
import { planCodes, plannedChanges, type PlannedCodes, readCodes, storePlan } from '../semantic-ids/code-plan';
import { itemsToEncode, namedItemsToEncode } from '../semantic-ids/items-to-encode';
import { countPrefixes, recountPrefixes, writeSemanticIds } from '../semantic-ids/semantic-id-rows';
import {
  currentVersion,
  type LoggedItem,
  type Touched,
  type TouchedItems,
  touchedSince,
} from '../storage/change-log-reads';
import { liveItemIds, writeVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';

export interface ActivationPlan {
  readonly tokenizer: ActiveTokenizer;
  /** The tokenizer that is active now; null when there is none. */
  readonly active: ActiveTokenizer | null;
  /** New codes for the items with a vector that have none under it, and for those whose text or vector changed since then. */
  readonly codes: readonly PlannedCodes[];
  /**
   * All changes to its codes since it was active, `codes` included. Null when its codes have never followed the log: then its
   * prefixes have to be counted from the start.
   */
  readonly changes: readonly CodeChange[] | null;
}

/** Reads the changes since a version was last active. Tens of thousands take seconds: call it before others have to wait. */
export async function readMissed(
  { database: { read } }: CatalogueServices,
  version: StoredVersion,
): Promise<TouchedItems> {
  const active = await findActiveTokenizer(read);
  return missedBy(read, version, active);
}

/**
 * It only reads and computes.
 *
 * @param missed - Read before; what has changed since then is read now.
 */
export async function planActivation(
  services: CatalogueServices,
  version: StoredVersion,
  missed: TouchedItems | null = null,
): Promise<ActivationPlan> {
  const { read } = services.database;
  const tokenizer = tokenizerOf(version);
  const active = await findActiveTokenizer(read);
  const isActive = active?.id === tokenizer.id;
  const { since, items: touched } = await missedBy(read, version, active, missed);
  const codes = await planMissing(services, tokenizer, touched);
  const hasFollowed = isActive || since > 0;
  return {
    tokenizer,
    active,
    codes,
    changes: hasFollowed ? await changesOf(read, tokenizer, touched, codes) : null,
  };
}

/** @param known - Missed items that were read before; useless when the version was active in the meantime. */
function missedBy(
  client: Transaction,
  { tokenizerId, tokenizer }: StoredVersion,
  active: ActiveTokenizer | null,
  known: TouchedItems | null = null,
): Promise<TouchedItems> {
  const since = active?.id === tokenizerId ? 0 : tokenizer.catalogueVersion;
  if (since === 0) return Promise.resolve({ since, last: 0, items: new Map() });
  return touchedSince(client, since, known?.since === since ? known : null);
}

/** @returns The changes to the codes of the active tokenizer; none when another tokenizer becomes active, since all codes change then. */
export async function storeActivation(
  transaction: Transaction,
  { tokenizer, active, codes, changes }: ActivationPlan,
): Promise<LoggedItem[]> {
  if (active?.id === tokenizer.id) return storePlan(transaction, tokenizer, codes);
  await writeVectors(
    transaction,
    codes.flatMap(({ madeVector }) => madeVector ?? []),
  );
  const rows = plannedChanges(codes).map(({ itemId, after }) => ({ itemId, codes: after }));
  await writeSemanticIds(transaction, tokenizer.id, rows);
  if (changes === null) await recountPrefixes(transaction, tokenizer.id);
  else await countPrefixes(transaction, tokenizer.id, changes);
  if (active !== null) {
    const catalogueVersion = await currentVersion(transaction);
    await transaction.tokenizer.update({ where: { id: active.id }, data: { catalogueVersion } });
  }
  return [];
}

/**
 * All other changes wait for the plan, so it leaves out the items whose texts are not encoded yet: `MissingCodes` gives them codes after
 * the activation. A changed item must not keep the codes of its former text.
 */
async function planMissing(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer,
  touched: ReadonlyMap<number, Touched>,
): Promise<PlannedCodes[]> {
  const { read } = services.database;
  const missing = await itemsToEncode(read, {
    removedAt: null,
    semanticIds: { none: { tokenizerId: tokenizer.id } },
    vector: { isNot: null },
  });
  const reencoded = [...touched.keys()].filter((itemId) => touched.get(itemId)!.isReencoded);
  const stale = [...(await readCodes(read, tokenizer.id, reencoded)).keys()];
  const items = [...missing, ...(await namedItemsToEncode(read, [...(await liveItemIds(read, stale))]))];
  return items.length === 0 ? [] : planCodes(services, tokenizer, items);
}

async function changesOf(
  client: Transaction,
  tokenizer: ActiveTokenizer,
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
