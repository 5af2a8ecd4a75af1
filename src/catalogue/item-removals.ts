/** `removeItems` and `restoreItems`: take items out of the trie and its counts, and bring them back with all that they had. */
import { withKnown } from '../../graphql/common/errors';
import { toGlobalId } from '../../graphql/common/global-id';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ItemsPayload } from '../../graphql/item/types';
import type { CodeChange } from '../../models/decoding/trie';
import { type ActiveTokenizer, findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { tokenizerError } from '../semantic-ids/code-assigner';
import { planCodes, planErrors, type PlannedCodes, readCodes, storePlan } from '../semantic-ids/code-plan';
import { namedItemsToEncode } from '../semantic-ids/items-to-encode';
import { countPrefixes } from '../semantic-ids/semantic-id-rows';
import type { Committed } from '../storage/change-log';
import { itemRecord, type ItemRow } from '../storage/item-columns';
import { type CatalogueServices, refuseItems } from './changes';
import { namedItemErrors, readNamedItems } from './item-checks';

/** Removes 1 to 1,000 live items; one wrong id refuses all. Their rows, interactions and semantic IDs stay. */
export async function removeItems(
  services: CatalogueServices,
  itemIds: readonly number[],
  known: readonly UserErrorRecord[],
): Promise<ItemsPayload> {
  return services.log.exclusive(async () => {
    const named = await readNamedItems(services.database.read, itemIds);
    const removedAlready = ({ id, removedAt }: ItemRow) =>
      removedAt === null
        ? null
        : `expected an item of the catalogue, got ${toGlobalId('Item', id)}, which is removed already; leave it out`;
    const errors = withKnown(known, namedItemErrors(itemIds, named, removedAlready));
    if (errors.length > 0) return refuseItems(itemIds, errors);
    const { result: removedAt, version } = await writeRemoval(services, itemIds);
    const items = itemIds.map((itemId) => itemRecord({ ...named.get(itemId)!, removedAt }));
    return { items, userErrors: [], catalogueVersion: version };
  });
}

/** Removes live items. Call it within `exclusive` only. @returns When they were removed. */
export async function writeRemoval(
  { database, log }: CatalogueServices,
  itemIds: readonly number[],
): Promise<Committed<Date>> {
  const removedAt = new Date();
  const tokenizer = await findActiveTokenizer(database.read);
  const codes = await readCodes(database.read, tokenizer?.id ?? null, itemIds);
  const items = itemIds.map((itemId) => ({ itemId, before: codes.get(itemId) ?? null, after: null, isLive: false }));
  return log.commit(async (transaction) => {
    await transaction.item.updateMany({ where: { id: { in: [...itemIds] } }, data: { removedAt } });
    if (tokenizer) await countPrefixes(transaction, tokenizer.id, items);
    return { result: removedAt, entries: [{ kind: 'ITEMS_REMOVED', tokenizerId: tokenizer?.id ?? null, items }] };
  });
}

/**
 * Brings 1 to 1,000 removed items back; one wrong id refuses all. Each item gets the semantic ID back that it had. An item
 * that has none under the active tokenizer gets one now, or later while the tokenizer's files are damaged.
 *
 * @param known - Mistakes in single ids that are known already.
 */
export async function restoreItems(
  services: CatalogueServices,
  itemIds: readonly number[],
  known: readonly UserErrorRecord[],
): Promise<ItemsPayload> {
  return services.log.exclusive(async () => {
    const { read } = services.database;
    const named = await readNamedItems(read, itemIds);
    const stillLive = ({ id, removedAt }: ItemRow) =>
      removedAt === null
        ? `expected a removed item, got ${toGlobalId('Item', id)}, which is in the catalogue; leave it out`
        : null;
    const errors = withKnown(known, namedItemErrors(itemIds, named, stillLive));
    if (errors.length > 0) return refuseItems(itemIds, errors);
    const tokenizer = await findActiveTokenizer(read);
    const kept = await readCodes(read, tokenizer?.id ?? null, itemIds);
    const codeless = itemIds.filter((itemId) => !kept.has(itemId));
    const plan = tokenizer ? await planWherePossible(services, tokenizer, codeless) : [];
    const full = tokenizer ? planErrors(plan, tokenizer, (itemId) => ['items', itemIds.indexOf(itemId)]) : [];
    if (full.length > 0) return refuseItems(itemIds, full);
    const { version } = await writeRestoration(services, { itemIds, tokenizer, kept, plan });
    const items = itemIds.map((itemId) => itemRecord({ ...named.get(itemId)!, removedAt: null }));
    return { items, userErrors: [], catalogueVersion: version };
  });
}

/** @returns No codes when the files of the tokenizer are damaged. */
async function planWherePossible(
  services: CatalogueServices,
  tokenizer: ActiveTokenizer,
  itemIds: readonly number[],
): Promise<PlannedCodes[]> {
  const items = await namedItemsToEncode(services.database.read, itemIds);
  return planCodes(services, tokenizer, items).catch((error: Error) => {
    tokenizerError(error);
    return [];
  });
}

interface Restoration {
  readonly itemIds: readonly number[];
  readonly tokenizer: ActiveTokenizer | null;
  /** Semantic IDs that the items have kept. */
  readonly kept: ReadonlyMap<number, readonly number[]>;
  readonly plan: readonly PlannedCodes[];
}

function writeRestoration(
  { log }: CatalogueServices,
  { itemIds, tokenizer, kept, plan }: Restoration,
): Promise<Committed<void>> {
  const returning: CodeChange[] = Array.from(kept, ([itemId, after]) => ({ itemId, before: null, after }));
  return log.commit(async (transaction) => {
    await transaction.item.updateMany({ where: { id: { in: [...itemIds] } }, data: { removedAt: null } });
    const planned = tokenizer ? await storePlan(transaction, tokenizer, plan) : [];
    if (tokenizer) await countPrefixes(transaction, tokenizer.id, returning);
    const changes = new Map([...returning, ...planned].map((change) => [change.itemId, change]));
    const items = itemIds.map((itemId) => ({
      ...(changes.get(itemId) ?? { itemId, before: null, after: null }),
      wasLive: false,
    }));
    return { result: undefined, entries: [{ kind: 'ITEMS_RESTORED', tokenizerId: tokenizer?.id ?? null, items }] };
  });
}
