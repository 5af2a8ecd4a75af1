/** `updateItems`: changes fields in place, and gives items new semantic IDs where that is asked for. */
import { batchErrors, userError, withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ItemPatchArgs } from '../../graphql/item/records';
import type { ItemsPayload } from '../../graphql/item/types';
import { SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import { findActiveTokenizer, type ActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { tokenizerError } from '../semantic-ids/code-assigner';
import { encodeItems, planCodes, planErrors, type PlannedCodes, readCodes, storePlan } from '../semantic-ids/code-plan';
import { type ItemToEncode, textFields } from '../semantic-ids/items-to-encode';
import type { Committed } from '../storage/change-log';
import { hasFields, ITEM_SELECT, itemRecord, type ItemRow, patchUpdate } from '../storage/item-columns';
import { dropMadeVectors, type StoredVector, writeCategories, writeVectors } from '../storage/item-rows';
import type { Transaction } from '../storage/transaction';
import { type CatalogueServices, refuseItems } from './changes';
import {
  attributesErrors,
  datesErrors,
  embeddingErrors,
  knownDims,
  liveItemErrors,
  type NamedItems,
  readNamedItems,
  textErrors,
} from './item-checks';

/**
 * Changes 1 to 1,000 live items; one wrong patch refuses all. An absent field stays, null empties it. An item that comes with
 * a vector gets the codes of it.
 *
 * @param reencode - True: items get the codes of their new text, and other changes wait meanwhile. False: their codes stay,
 * and the next training reads the new text.
 * @param known - Mistakes in single patches that are known already.
 */
export async function updateItems(
  services: CatalogueServices,
  patches: readonly ItemPatchArgs[],
  reencode: boolean,
  known: readonly UserErrorRecord[],
): Promise<ItemsPayload> {
  const batch = batchErrors('items', patches.length);
  if (batch.length > 0) return refuseItems(patches, batch);
  return services.log
    .exclusive(() => update(services, patches, reencode, known))
    .catch((error: Error) => refuseItems(patches, [tokenizerError(error)]));
}

async function update(
  services: CatalogueServices,
  patches: readonly ItemPatchArgs[],
  reencode: boolean,
  known: readonly UserErrorRecord[],
): Promise<ItemsPayload> {
  const { read } = services.database;
  const named = await readNamedItems(
    read,
    patches.map(({ itemId }) => itemId),
  );
  const errors = withKnown(known, [...patchErrors(patches, named), ...(await vectorErrors(read, patches))]);
  if (errors.length > 0) return refuseItems(patches, errors);
  if (patches.every((patch) => changesNothing(patch, named.get(patch.itemId)!))) return asTheyAre(patches, named);
  const tokenizer = await findActiveTokenizer(read);
  const renewed = patches.map((patch) => patched(named.get(patch.itemId)!, patch));
  const missing = reencode ? await missingVectors(read, renewed) : [];
  if (missing.length > 0) return refuseItems(patches, missing);
  const given = renewed.filter(({ embedding }) => embedding);
  const moved = reencode ? renewed.filter(({ textChanged, embedding }) => textChanged || embedding) : given;
  const plan = tokenizer ? await planCodes(services, tokenizer, moved) : [];
  const full = tokenizer ? planErrors(plan, tokenizer, fieldOfItem(patches)) : [];
  if (full.length > 0) return refuseItems(patches, full);
  const vectors = tokenizer ? [] : await encodeItems(services, given);
  const reencoded = new Set(moved.map(({ itemId }) => itemId));
  const { result: rows, version } = await write(services, { patches, renewed, reencoded, tokenizer, plan, vectors });
  return { items: rows.map(itemRecord), userErrors: [], catalogueVersion: version };
}

/** Whether the patch names an item and gives nothing, or what the item has already. A vector is not compared. */
function changesNothing(patch: ItemPatchArgs, row: ItemRow): boolean {
  return patch.embedding === undefined && hasFields(row, patch);
}

function asTheyAre(patches: readonly ItemPatchArgs[], named: NamedItems): ItemsPayload {
  const items = patches.map(({ itemId }) => itemRecord(named.get(itemId)!));
  return { items, userErrors: [], catalogueVersion: null };
}

function patched(row: ItemRow, patch: ItemPatchArgs): ItemToEncode {
  const before = textFields({ ...row, categories: row.categories as string[] });
  const after = textFields({
    title: patch.title ?? row.title,
    brand: patch.brand === undefined ? before.brand : patch.brand,
    categories: patch.categories === undefined ? before.categories : patch.categories,
    description: patch.description === undefined ? row.description : patch.description,
  });
  const textChanged = JSON.stringify(before) !== JSON.stringify(after);
  return { itemId: row.id, ...after, textChanged, embedding: patch.embedding };
}

/** @returns The mistakes in the ids, and then in the fields, of each patch. */
function patchErrors(patches: readonly ItemPatchArgs[], named: NamedItems): UserErrorRecord[] {
  const itemIds = patches.map(({ itemId }) => itemId);
  const idErrors = liveItemErrors(itemIds, named, {
    name: 'item',
    fieldOf: (position) => ['items', position, 'item'],
  });
  const fieldErrors = patches.flatMap(({ itemId, title, attributes, ...patch }, position) => [
    ...(title === undefined ? [] : textErrors('title', title, position)),
    ...attributesErrors(attributes, position),
    ...datesErrors(patch, named.get(itemId), position),
  ]);
  return [...idErrors, ...fieldErrors];
}

/** @returns The mistakes in the given vectors. */
async function vectorErrors(client: Transaction, patches: readonly ItemPatchArgs[]): Promise<UserErrorRecord[]> {
  const first = patches.find(({ embedding }) => embedding)?.embedding;
  const dims = first ? ((await knownDims(client)) ?? first.length) : 0;
  return patches.flatMap(({ embedding }, position) => {
    if (embedding === undefined) return [];
    return embeddingErrors(embedding ?? [], dims, position);
  });
}

/** @returns An error for each item whose text has changed while its vector, which was not made here, has not. */
async function missingVectors(client: Transaction, renewed: readonly ItemToEncode[]): Promise<UserErrorRecord[]> {
  const itemIds = renewed.flatMap(({ itemId, textChanged, embedding }) => (textChanged && !embedding ? itemId : []));
  const where = { itemId: { in: itemIds }, encoder: { not: SENTENCE_ENCODER } };
  const rows = await client.itemVector.findMany({ where, select: { itemId: true } });
  const given = new Set(rows.map(({ itemId }) => itemId));
  return renewed.flatMap(({ itemId }, position) => {
    if (!given.has(itemId)) return [];
    const message =
      'embedding: expected one, since nobody here can make a vector like the one that the item has, got none; ' +
      'give one, or leave out reencode';
    return [userError('INVALID', message, 'items', position, 'embedding')];
  });
}

function fieldOfItem(patches: readonly ItemPatchArgs[]) {
  const positions = new Map(patches.map(({ itemId }, position) => [itemId, position]));
  return (itemId: number) => ['items', positions.get(itemId)!, 'item'];
}

interface Update {
  readonly patches: readonly ItemPatchArgs[];
  readonly renewed: readonly ItemToEncode[];
  /** Also without an active tokenizer: a training under way may have read the former text. */
  readonly reencoded: ReadonlySet<number>;
  readonly tokenizer: ActiveTokenizer | null;
  readonly plan: readonly PlannedCodes[];
  /** Vectors that were given while no tokenizer was active; the plan has all others. */
  readonly vectors: readonly StoredVector[];
}

/** @returns The rows as they are now, one for each patch. */
function write(
  { log }: CatalogueServices,
  { patches, renewed, reencoded, tokenizer, plan, vectors }: Update,
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
    await dropMadeVectors(
      transaction,
      renewed.flatMap(({ itemId, textChanged }) => (textChanged ? itemId : [])),
    );
    await writeVectors(transaction, vectors);
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
