/** `updateItems`: changes fields in place, and gives items new semantic IDs where that is asked for. */
import { userError, withKnown } from '../../graphql/common/errors';
import type { UserErrorRecord } from '../../graphql/common/records';
import type { ItemPatchArgs } from '../../graphql/item/records';
import type { ItemsPayload } from '../../graphql/item/types';
import { SENTENCE_DIMS, SENTENCE_ENCODER } from '../../models/text/sentence-encoder';
import { findActiveTokenizer } from '../semantic-ids/active-tokenizer';
import { tokenizerError } from '../semantic-ids/code-assigner';
import { mergedItem } from '../storage/item-columns';
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
import { commit, type GivenItem, place, placesFor, type Upsert, upsertsOf } from './item-upserts';

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
  const tokenizer = await findActiveTokenizer(read);
  // Beside a shop's own vectors of another width, one made here would be of no use.
  const isReencoded = reencode && (tokenizer?.dims ?? SENTENCE_DIMS) === SENTENCE_DIMS;
  const given = patches.map(({ itemId, embedding, ...fields }, position): GivenItem => {
    const row = named.get(itemId)!;
    return {
      position,
      isReencoded,
      args: { ...mergedItem(row, { ...fields, title: fields.title ?? row.title }), embedding },
    };
  });
  const upserts = await upsertsOf(services, tokenizer, given, new Map());
  const missing = reencode ? await missingVectors(read, upserts) : [];
  if (missing.length > 0) return refuseItems(patches, missing);
  const { placed, refused } = place(tokenizer, upserts, await placesFor(services, tokenizer, upserts), 'item');
  if (refused.length > 0) return refuseItems(patches, refused);
  return { ...(await commit(services, tokenizer, placed)), userErrors: [] };
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
async function missingVectors(client: Transaction, upserts: readonly Upsert[]): Promise<UserErrorRecord[]> {
  const renewed = upserts.filter(({ textChanged, args }) => textChanged && !args.embedding);
  const where = { itemId: { in: renewed.map(({ row }) => row!.id) }, encoder: { not: SENTENCE_ENCODER } };
  const rows = await client.itemVector.findMany({ where, select: { itemId: true } });
  const own = new Set(rows.map(({ itemId }) => itemId));
  return renewed.flatMap(({ row, position }) => {
    if (!own.has(row!.id)) return [];
    const message =
      'embedding: expected one, since nobody here can make a vector like the one that the item has, got none; ' +
      'give one, or leave out reencode';
    return [userError('INVALID', message, 'items', position, 'embedding')];
  });
}
