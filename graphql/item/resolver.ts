import { Arg, Args, Authorized, Ctx, Int, Resolver, Root } from 'type-graphql';

import { isReader, needsRole, visibleItem } from '../common/check-access';
import { FirstInput, ownConnection, type PageInput, PageOf10, PageOf20 } from '../common/connection';
import { COST_OF_LIST_COUNT, costOfOwnPage, costOfRecommendations, costOfSimilarItems } from '../common/cost';
import { Field, Mutation, Nullable, Query } from '../common/field';
import { rowsOf } from '../common/references';
import { ExternalIdInput } from '../common/types';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { InteractionConnection } from '../interaction/types';
import { RecommendationInput } from '../recommendation/inputs';
import { listFor } from '../recommendation/resolver';
import { RecommendationList } from '../recommendation/types';
import { SemanticId } from '../semantic-id/types';
import {
  DeleteItemsInput,
  ItemsInput,
  RemoveItemsInput,
  RestoreItemsInput,
  UpdateItemsInput,
  UpsertItemsInput,
} from './inputs';
import type { ItemRecord } from './records';
import {
  DeleteItemsPayload,
  FacetValue,
  Item,
  ItemConnection,
  ItemFacets,
  ItemListConnection,
  ItemSet,
  RemoveItemsPayload,
  RestoreItemsPayload,
  UpdateItemsPayload,
  UpsertItemsPayload,
} from './types';

@Resolver(() => Item)
export class ItemResolver {
  @Query(() => Item, 'The item with this external ID; null: none, or removed, and the caller has no key.')
  async item(@Args() { externalId }: ExternalIdInput, @Ctx() context: Context) {
    return visibleItem(await context.catalogue.item(externalId), context);
  }

  @Query(() => ItemListConnection, 'Items that can be recommended, or with `removed` those that were removed.')
  async items(@Args() input: ItemsInput, @Ctx() context: Context) {
    const { catalogue, loaders } = context;
    if (input.removed) needsRole('READER', context, 'items(removed: true)');
    const { filter = null, orderBy = null, search = null, removed } = input;
    const list = { orderBy, search, removed };
    const key = ['items', filter, list];
    const connection = await ownConnection(loaders, key, input, (page) => catalogue.items(page, filter, list));
    return { ...connection, filter, list: { search, removed: list.removed } };
  }

  @Nullable(() => Int, 'The number of interactions with it; null for callers without a key.')
  interactionCount(@Root() { interactionCount }: ItemRecord, @Ctx() context: Context) {
    return isReader(context) ? interactionCount : null;
  }

  @Nullable(() => SemanticId, 'The semantic ID; null while the item has none.')
  semanticId(@Root() item: ItemRecord, @Ctx() { loaders }: Context) {
    return loaders.semanticId(item.id);
  }

  @Nullable(() => ItemConnection, 'Items with a prefix in common, the longest first.', {
    complexity: costOfSimilarItems,
  })
  similarItems(
    @Root() item: ItemRecord,
    @Args(() => PageOf10) page: PageInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    return ownConnection(loaders, ['similarItems', item.id], page, (args) => catalogue.similarItems(item.id, args));
  }

  @Nullable(() => RecommendationList, 'What the model expects after it, best first.', {
    complexity: costOfRecommendations,
  })
  recommendations(@Root() { externalId }: ItemRecord, @Args() input: RecommendationInput, @Ctx() context: Context) {
    return listFor({ item: externalId }, input, context);
  }

  @Authorized('READER')
  @Nullable(() => InteractionConnection, 'What users did with it, last recorded first.', { complexity: costOfOwnPage })
  interactions(
    @Root() item: ItemRecord,
    @Args(() => PageOf20) page: PageInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    return ownConnection(loaders, ['interactionsWith', item.id], page, (args) =>
      catalogue.interactionsWith(item.id, args),
    );
  }

  @Authorized('ADMIN')
  @Mutation(
    () => UpsertItemsPayload,
    'Takes items as the shop has them now, as one change: adds new ones, changes those that differ, brings removed ones back, and leaves ' +
      'equal ones alone. With an active model version each new item gets its semantic ID at once and can be recommended. ' +
      'A changed item keeps its semantic ID until the next training, unless it comes with an `embedding`.',
  )
  async upsertItems(@Arg('input') input: UpsertItemsInput, @Ctx() context: Context) {
    const { items, atomic } = input;
    return context.catalogue.upsertItems(items, atomic, entryErrors(input, 'items'));
  }

  @Authorized('ADMIN')
  @Mutation(() => UpdateItemsPayload, 'Changes items. One mistake refuses the whole call.')
  async updateItems(@Arg('input') input: UpdateItemsInput, @Ctx() context: Context) {
    const { rows, userErrors } = await rowsOf(
      'Item',
      input.items.map(({ item }) => item),
      context,
      (index) => ['items', index, 'item'],
    );
    const patches = input.items.map(({ item: _, ...patch }, index) => ({ ...patch, itemId: rows[index] }));
    const known = [...entryErrors(input, 'items'), ...userErrors];
    return context.catalogue.updateItems(patches, input.reencode, known);
  }

  @Authorized('ADMIN')
  @Mutation(
    () => RemoveItemsPayload,
    'Takes items out of all lists; `restoreItems` undoes it. Their interactions stay.',
  )
  async removeItems(@Arg('input') { items }: RemoveItemsInput, @Ctx() context: Context) {
    const { rows, userErrors } = await rowsOf('Item', items, context, (index) => ['items', index]);
    return context.catalogue.removeItems(rows, userErrors);
  }

  @Authorized('ADMIN')
  @Mutation(
    () => DeleteItemsPayload,
    'Deletes items for good, with their interactions, which then are in no history, and their feedback, dismissals, vectors and semantic ' +
      'IDs. To take items out of lists, `removeItems` is enough, and can be taken back.',
  )
  async deleteItems(@Arg('input') { items }: DeleteItemsInput, @Ctx() context: Context) {
    const { rows, userErrors } = await rowsOf('Item', items, context, (index) => ['items', index]);
    return context.catalogue.deleteItems(rows, userErrors);
  }

  @Authorized('ADMIN')
  @Mutation(
    () => RestoreItemsPayload,
    'Brings removed items back with the fields and semantic IDs that they had. One mistake refuses the whole call. ' +
      'To bring an item back with other fields, give it to `upsertItems`.',
  )
  async restoreItems(@Arg('input') { items }: RestoreItemsInput, @Ctx() context: Context) {
    const { rows, userErrors } = await rowsOf('Item', items, context, (index) => ['items', index]);
    return context.catalogue.restoreItems(rows, userErrors);
  }
}

/** The root of a list's counts. */
type Counted = Pick<ItemListConnection, 'filter' | 'list'>;

@Resolver(() => ItemListConnection)
export class ItemListResolver {
  @Field(() => Int, 'How many items the list has, over all its pages.', { complexity: COST_OF_LIST_COUNT })
  totalCount(@Root() { filter, list }: Counted, @Ctx() { catalogue, signal }: Context) {
    return catalogue.itemCount(filter, list, signal);
  }

  @Field(() => ItemFacets, 'What the items of the list have in common, over all its pages.')
  facets(@Root() { filter, list }: Counted): Counted {
    return { filter, list };
  }
}

@Resolver(() => ItemFacets)
export class ItemFacetsResolver {
  @Field(() => [FacetValue], 'Their brands, the most frequent first.', { complexity: COST_OF_LIST_COUNT })
  brands(@Root() root: Counted, @Args() { first }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.itemFacet('brands', first, root.filter, root.list);
  }

  @Field(() => [FacetValue], 'Their categories, the most frequent first.', { complexity: COST_OF_LIST_COUNT })
  categories(@Root() root: Counted, @Args() { first }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.itemFacet('categories', first, root.filter, root.list);
  }

  @Field(() => [FacetValue], 'Their `availability`, the most frequent first.', { complexity: COST_OF_LIST_COUNT })
  availability(@Root() root: Counted, @Args() { first }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.itemFacet('availability', first, root.filter, root.list);
  }
}

@Resolver(() => ItemSet)
export class ItemSetResolver {
  @Field(() => [Item], 'The first items of the set.')
  items(
    @Root() { itemIds }: { readonly itemIds: readonly number[] },
    @Args() { first }: FirstInput,
    @Ctx() { loaders }: Context,
  ) {
    return Promise.all(itemIds.slice(0, first).map((itemId) => loaders.item(itemId)));
  }
}
