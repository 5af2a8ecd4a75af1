/** `removeItems`: takes items out of the trie and its counts. Their rows, interactions and semantic IDs stay. */
import { batchErrors } from '../../graphql/common/errors';
import { toGlobalId } from '../../graphql/common/global-id';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ChangedItemsRecord } from '../../graphql/item/records';
import { findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { readCodes } from '../semantic-ids/code-plan';
import { countPrefixes } from '../semantic-ids/semantic-id-rows';
import type { Committed } from '../storage/change-log';
import { itemRecord, type ItemRow } from '../storage/item-columns';
import type { CatalogueServices } from './catalogue-services';
import { refuseItems, withKnown } from './changed-items';
import { namedItemErrors, readNamedItems } from './named-items';

/** Removes 1 to 1,000 live items; one wrong id refuses all. `known`: what is known to be wrong with single ids. */
export async function removeItems(
  services: CatalogueServices,
  itemIds: readonly number[],
  known: readonly UserErrorRecord[],
): Promise<ChangedItemsRecord> {
  const batch = batchErrors('itemIds', itemIds.length);
  if (batch.length > 0) return refuseItems(itemIds, batch);
  return services.log.exclusive(async () => {
    const named = await readNamedItems(services.database.read, itemIds);
    const removedAlready = ({ id, removedAt }: ItemRow) =>
      removedAt === null
        ? null
        : `expected an item of the catalogue, got ${toGlobalId('Item', id)}, which is removed already; leave it out`;
    const errors = withKnown(known, namedItemErrors(itemIds, named, removedAlready));
    if (errors.length > 0) return refuseItems(itemIds, errors);
    const { result: removedAt, version } = await write(services, itemIds);
    const items = itemIds.map((itemId) => itemRecord({ ...named.get(itemId)!, removedAt }));
    return { items, userErrors: [], catalogueVersion: version };
  });
}

async function write({ database, log }: CatalogueServices, itemIds: readonly number[]): Promise<Committed<Date>> {
  const removedAt = new Date();
  const tokenizer = await findActiveTokenizer(database.read);
  const codes = await readCodes(database.read, tokenizer?.id ?? null, itemIds);
  const items = itemIds.map((itemId) => ({ itemId, before: codes.get(itemId) ?? null, after: null }));
  return log.commit(async (transaction) => {
    await transaction.item.updateMany({ where: { id: { in: [...itemIds] } }, data: { removedAt } });
    if (tokenizer) await countPrefixes(transaction, tokenizer.id, items);
    return { result: removedAt, entries: [{ kind: 'ITEMS_REMOVED', tokenizerId: tokenizer?.id ?? null, items }] };
  });
}
