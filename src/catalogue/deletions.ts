/** `deleteItems` and `deleteInteractions`: delete rows for good, with all that hangs on them. */
import { withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { InteractionRefArgs } from '../../graphql/interaction/records';
import type { DeleteInteractionsPayload } from '../../graphql/interaction/types';
import type { DeleteItemsPayload } from '../../graphql/item/types';
import type { Prisma } from '../../prisma/generated/sqlite/client';
import { countingOutcomes } from '../feedback/outcomes';
import { findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { readCodes } from '../semantic-ids/code-plan';
import { countPrefixes } from '../semantic-ids/semantic-id-rows';
import { touchedSince } from '../storage/change-log-reads';
import type { ItemRow } from '../storage/item-columns';
import { countingChanged } from '../storage/item-counts';
import { liveItemIds } from '../storage/item-rows';
import { rememberOtherRows } from '../storage/last-ids';
import type { Transaction } from '../storage/transaction';
import { type CatalogueServices, INTERACTIONS_PER_TRANSACTION } from './changes';
import { namedItemErrors, readNamedItems } from './item-checks';
import { writeRemoval } from './item-removals';

/**
 * Deletes 1 to 1,000 items, removed ones too, with their interactions, feedback, dismissals, vectors and semantic IDs; one wrong id
 * refuses all. Live ones are removed first, as one version of the catalogue. A call that was cut off can be repeated.
 *
 * @param known - Mistakes in single ids that are known already.
 */
export async function deleteItems(
  services: CatalogueServices,
  itemIds: readonly number[],
  known: readonly UserErrorRecord[],
): Promise<DeleteItemsPayload> {
  const removal = await services.log.exclusive(async () => {
    const named = await readNamedItems(services.database.read, itemIds);
    const userErrors = withKnown(
      known,
      namedItemErrors(itemIds, named, () => null),
    );
    const live = [...named.values()].filter(({ removedAt }) => removedAt === null).map(({ id }) => id);
    if (userErrors.length > 0) return { named, userErrors, version: null };
    return { named, userErrors, version: live.length === 0 ? null : (await writeRemoval(services, live)).version };
  });
  const { named, userErrors, version: catalogueVersion } = removal;
  if (userErrors.length > 0) return { ...NOTHING_DELETED, userErrors };
  const deletedInteractions = await deleteAll(services, { itemId: { in: [...itemIds] } });
  await services.database.write((transaction) => deleteRows(transaction, itemIds));
  const deletedExternalIds = itemIds.map((itemId) => (named.get(itemId) as ItemRow).externalId);
  return { deletedExternalIds, deletedInteractions, catalogueVersion, userErrors };
}

const NOTHING_DELETED = { deletedExternalIds: [], deletedInteractions: 0, catalogueVersion: null };

/** Deletes 1 to 1,000 interactions. IDs that none has are no mistake, so that a call can be repeated. */
export async function deleteInteractions(
  services: CatalogueServices,
  references: readonly InteractionRefArgs[],
): Promise<DeleteInteractionsPayload> {
  const ids = references.flatMap(({ id }) => id ?? []);
  const eventIds = references.flatMap(({ eventId }) => eventId ?? []);
  const deleted = await deleteAll(services, { OR: [{ id: { in: ids } }, { eventId: { in: eventIds } }] });
  return { deleted, userErrors: [] };
}

/** @returns How many interactions met the condition. */
async function deleteAll(
  { database, attributionMs, onInteractions }: CatalogueServices,
  where: Prisma.InteractionWhereInput,
): Promise<number> {
  for (let deleted = 0; ;) {
    const itemIds = await database.write((transaction) => deleteSome(transaction, attributionMs, where));
    await onInteractions(itemIds);
    deleted += itemIds.length;
    if (itemIds.length < INTERACTIONS_PER_TRANSACTION) return deleted;
  }
}

/** @returns The item of each. */
async function deleteSome(
  transaction: Transaction,
  attributionMs: number,
  where: Prisma.InteractionWhereInput,
): Promise<number[]> {
  await rememberOtherRows(transaction);
  const { interaction } = transaction;
  const rows = await interaction.findMany({
    where,
    select: { id: true, userId: true, itemId: true, kind: true },
    take: INTERACTIONS_PER_TRANSACTION,
  });
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const shown = rows.filter(({ kind }) => kind === 'PURCHASE');
  await countingOutcomes(transaction, attributionMs, { shown }, () =>
    countingChanged(transaction, ids, () => interaction.deleteMany({ where: { id: { in: ids } } })),
  );
  await transaction.erasure.create({}); // tells all processes to count anew
  return rows.map(({ itemId }) => itemId);
}

/** Items that were restored meanwhile stay. */
async function deleteRows(transaction: Transaction, itemIds: readonly number[]): Promise<void> {
  await rememberOtherRows(transaction);
  const live = await liveItemIds(transaction, itemIds);
  const gone = itemIds.filter((itemId) => !live.has(itemId));
  await countOutOfFormer(transaction, gone);
  await transaction.item.deleteMany({ where: { id: { in: gone } } }); // with all rows that name them
  await transaction.erasure.create({});
}

/** The counts of a tokenizer that is not active are those of an older version, when the items may have been live. */
async function countOutOfFormer(transaction: Transaction, itemIds: readonly number[]): Promise<void> {
  const active = await findActiveTokenizer(transaction);
  const former = await transaction.tokenizer.findMany({
    where: { id: { not: active?.id } },
    select: { id: true, catalogueVersion: true },
  });
  for (const { id, catalogueVersion } of former) {
    const codes = await readCodes(transaction, id, itemIds);
    if (codes.size === 0) continue;
    const { items: touched } = await touchedSince(transaction, catalogueVersion);
    // All of them are removed by now, so an item that nothing has touched since was removed before.
    const counted = [...codes].filter(([itemId]) => touched.get(itemId)?.wasLive ?? false);
    await countPrefixes(
      transaction,
      id,
      counted.map(([, before]) => ({ before, after: null })),
    );
  }
}
