/** `updateItems`: changes fields in place, and gives items new semantic IDs where that is asked for. */
import type { UserErrorRecord } from '../../graphql/common/records';
import { batchErrors } from '../../graphql/common/user-errors';
import type { ItemPatchArgs } from '../../graphql/item/records';
import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import { tokenizerError } from '../semantic-ids/code-assignment';
import { findLiveTokenizer, type LiveTokenizer } from '../semantic-ids/live-tokenizer';
import {
  type ItemToEncode,
  planCodes,
  planErrors,
  type PlannedCodes,
  readCodes,
  storePlan,
  textFields,
} from '../semantic-ids/reencoding';
import type { Committed } from '../storage/change-log';
import { writeCategories } from '../storage/item-categories';
import { ITEM_SELECT, itemRecord, type ItemRow, patchUpdate } from '../storage/item-columns';
import type { Transaction } from '../storage/transaction';
import type { CatalogueServices } from './catalogue-services';
import { byPosition, type ChangedItems, refuseItems } from './changed-items';
import { attributesErrors, priceErrors, textErrors } from './field-checks';
import { liveItemErrors, readNamedItems, type NamedItems } from './named-items';

/**
 * Changes 1 to 1,000 live items; one wrong patch refuses all. An absent field stays, null empties it.
 *
 * @param reencode - True: items get the codes of their new text, and other changes wait meanwhile. False: their codes stay,
 * and the next training reads the new text.
 */
export async function updateItems(
  services: CatalogueServices,
  patches: readonly ItemPatchArgs[],
  reencode: boolean,
): Promise<ChangedItems> {
  const batch = batchErrors('items', patches.length);
  if (batch.length > 0) return refuseItems(patches, batch);
  return services.log
    .exclusive(() => update(services, patches, reencode))
    .catch((error: Error) => refuseItems(patches, [tokenizerError(error)]));
}

async function update(
  services: CatalogueServices,
  patches: readonly ItemPatchArgs[],
  reencode: boolean,
): Promise<ChangedItems> {
  const { read } = services.database;
  const named = await readNamedItems(
    read,
    patches.map(({ itemId }) => itemId),
  );
  const errors = patchErrors(patches, named);
  if (errors.length > 0) return refuseItems(patches, errors);
  const tokenizer = await findLiveTokenizer(read);
  const renewed = patches.map((patch) => patched(named.get(patch.itemId)!, patch));
  const changed = renewed.filter(({ textChanged }) => textChanged);
  const plan = tokenizer && reencode ? await planCodes(services, tokenizer, changed) : [];
  const full = tokenizer ? planErrors(plan, tokenizer, fieldOfItem(patches)) : [];
  if (full.length > 0) return refuseItems(patches, full);
  const reencoded = new Set(reencode ? changed.map(({ itemId }) => itemId) : []);
  const { result: rows, version } = await write(services, { patches, renewed, reencoded, tokenizer, plan });
  return { items: rows.map(itemRecord), userErrors: [], catalogueVersion: version };
}

function patched(row: ItemRow, patch: ItemPatchArgs): ItemToEncode {
  const before = textFields({ ...row, categories: row.categories as string[] });
  const after = textFields({
    title: patch.title ?? row.title,
    brand: patch.brand === undefined ? before.brand : patch.brand,
    categories: patch.categories === undefined ? before.categories : patch.categories,
    description: patch.description === undefined ? row.description : patch.description,
  });
  return { itemId: row.id, ...after, textChanged: JSON.stringify(before) !== JSON.stringify(after) };
}

/** What is wrong with the ids, and then with the fields, of each patch. */
function patchErrors(patches: readonly ItemPatchArgs[], named: NamedItems): UserErrorRecord[] {
  const itemIds = patches.map(({ itemId }) => itemId);
  const idErrors = liveItemErrors(itemIds, named, {
    name: 'itemId',
    fieldOf: (position) => ['items', position, 'itemId'],
  });
  const fieldErrors = patches.flatMap(({ title, price, attributes }, position) => [
    ...(title === undefined ? [] : textErrors('title', title, position)),
    ...priceErrors(price, position),
    ...attributesErrors(attributes, position),
  ]);
  return [...idErrors, ...fieldErrors].sort(byPosition);
}

function fieldOfItem(patches: readonly ItemPatchArgs[]) {
  const positions = new Map(patches.map(({ itemId }, position) => [itemId, position]));
  return (itemId: number) => ['items', positions.get(itemId)!, 'itemId'];
}

interface Update {
  readonly patches: readonly ItemPatchArgs[];
  readonly renewed: readonly ItemToEncode[];
  /** Also without a live tokenizer: a training under way may have read the former text. */
  readonly reencoded: ReadonlySet<number>;
  readonly tokenizer: LiveTokenizer | null;
  readonly plan: readonly PlannedCodes[];
}

/** @returns The rows as they are now, one for each patch. */
function write(
  { log }: CatalogueServices,
  { patches, renewed, reencoded, tokenizer, plan }: Update,
): Promise<Committed<ItemRow[]>> {
  const itemIds = patches.map(({ itemId }) => itemId);
  return log.commit(async (transaction) => {
    const rows: ItemRow[] = [];
    for (const patch of patches) {
      rows.push(
        await transaction.item.update({ where: { id: patch.itemId }, data: patchUpdate(patch), select: ITEM_SELECT }),
      );
    }
    await writeCategories(transaction, renewed);
    await dropStaleVectors(transaction, renewed);
    const present = await readCodes(transaction, tokenizer?.id ?? null, itemIds);
    const changes = tokenizer ? await storePlan(transaction, tokenizer, plan) : [];
    const after = new Map(changes.map((change) => [change.itemId, change.after]));
    const items = itemIds.map((itemId) => {
      const before = present.get(itemId) ?? null;
      return { itemId, before, after: after.get(itemId) ?? before, isReencoded: reencoded.has(itemId) };
    });
    return { result: rows, entries: [{ kind: 'ITEMS_UPDATED', tokenizerId: tokenizer?.id ?? null, items }] };
  });
}

/**
 * Deletes vectors that were made here of the former text. The next one that needs a vector makes it from the new text. What another
 * encoder made cannot be made anew, so it stays.
 */
async function dropStaleVectors(transaction: Transaction, renewed: readonly ItemToEncode[]): Promise<void> {
  const itemIds = renewed.filter(({ textChanged }) => textChanged).map(({ itemId }) => itemId);
  await transaction.itemVector.deleteMany({ where: { itemId: { in: itemIds }, encoder: SENTENCE_ENCODER } });
}
