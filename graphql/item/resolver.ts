import { Arg, Args, Authorized, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';

import { FirstInput, ownConnection, type PageInput, PageOf10, PageOf20 } from '../common/connection';
import { COST_OF_COUNT, costOfOwnPage, costOfSimilarItems } from '../common/cost';
import { toGlobalId } from '../common/global-id';
import { rowsOf } from '../common/references';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { InteractionConnection } from '../interaction/types';
import { SemanticId } from '../semantic-id/types';
import {
  ItemCountInput,
  ItemsInput,
  RemoveItemsInput,
  RestoreItemsInput,
  UpdateItemsInput,
  UpsertItemsInput,
} from './inputs';
import { RemoveItemsPayload, RestoreItemsPayload, UpdateItemsPayload, UpsertItemsPayload } from './payloads';
import type { ItemRecord } from './records';
import { Item, ItemConnection, ItemSet } from './types';

@Resolver(() => Item)
export class ItemResolver {
  @Query(() => Item, { nullable: true, description: 'The item with this external ID; null when there is none.' })
  item(
    @Arg('externalId', () => String, { description: 'The ID that the shop itself uses.' }) externalId: string,
    @Ctx() { catalogue }: Context,
  ) {
    return catalogue.item(externalId);
  }

  @Query(() => ItemConnection, {
    nullable: true,
    description: 'Items that can be recommended, or with `removed` those that were removed.',
  })
  items(@Args(() => ItemsInput) input: ItemsInput, @Ctx() { catalogue, loaders }: Context) {
    const { filter = null, orderBy = null, removed } = input;
    const list = { orderBy, removed: removed ?? false };
    return ownConnection(loaders, ['items', filter, list], input, (page) => catalogue.items(page, filter, list));
  }

  @Query(() => Int, {
    nullable: true,
    description: 'How many items `items` lists in all, over all its pages.',
    complexity: COST_OF_COUNT,
  })
  itemCount(@Args(() => ItemCountInput) input: ItemCountInput, @Ctx() { catalogue, signal }: Context) {
    return catalogue.itemCount(input.filter ?? null, input.removed ?? false, signal);
  }

  @FieldResolver()
  id(@Root() item: ItemRecord) {
    return toGlobalId('Item', item.id);
  }

  @FieldResolver(() => SemanticId, { nullable: true, description: 'The semantic ID; null while the item has none.' })
  semanticId(@Root() item: ItemRecord, @Ctx() { loaders }: Context) {
    return loaders.semanticId(item.id);
  }

  @FieldResolver(() => ItemConnection, {
    nullable: true,
    description: 'Items whose semantic IDs share a prefix with this one, the longest prefix first.',
    complexity: costOfSimilarItems,
  })
  similarItems(
    @Root() item: ItemRecord,
    @Args(() => PageOf10) page: PageInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    return ownConnection(loaders, ['similarItems', item.id], page, (args) => catalogue.similarItems(item.id, args));
  }

  @Authorized('READER')
  @FieldResolver(() => InteractionConnection, {
    nullable: true,
    description: 'What users did with it, last recorded first; needs a key of role READER.',
    complexity: costOfOwnPage,
  })
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
  @Mutation(() => UpsertItemsPayload, {
    nullable: true,
    description:
      'Takes items as the shop has them now, as one change: adds new ones, changes those that differ, brings removed ones back, and leaves ' +
      'equal ones alone. With an active model version each new item gets its semantic ID at once and can be recommended. ' +
      'A changed item keeps its semantic ID until the next training, unless it comes with an `embedding`.',
  })
  async upsertItems(@Arg('input', () => UpsertItemsInput) input: UpsertItemsInput, @Ctx() context: Context) {
    const { items, atomic } = input;
    const payload = await context.catalogue.upsertItems(items, atomic ?? true, entryErrors(input, 'items'));
    context.loaders.clearAll();
    return payload;
  }

  @Authorized('ADMIN')
  @Mutation(() => UpdateItemsPayload, {
    nullable: true,
    description: 'Changes items. One mistake refuses the whole call.',
  })
  async updateItems(@Arg('input', () => UpdateItemsInput) input: UpdateItemsInput, @Ctx() context: Context) {
    const { rows, userErrors } = await rowsOf(
      'Item',
      input.items.map(({ item }) => item),
      context,
      (index) => ['items', index, 'item'],
    );
    const patches = input.items.map(({ item: _, ...patch }, index) => ({ ...patch, itemId: rows[index] }));
    const known = [...entryErrors(input, 'items'), ...userErrors];
    const payload = await context.catalogue.updateItems(patches, input.reencode ?? false, known);
    context.loaders.clearAll();
    return payload;
  }

  @Authorized('ADMIN')
  @Mutation(() => RemoveItemsPayload, {
    nullable: true,
    description: 'Removes items from the catalogue. They are no longer recommended; their interactions stay.',
  })
  async removeItems(@Arg('input', () => RemoveItemsInput) { items }: RemoveItemsInput, @Ctx() context: Context) {
    const { rows, userErrors } = await rowsOf('Item', items, context, (index) => ['items', index]);
    const payload = await context.catalogue.removeItems(rows, userErrors);
    context.loaders.clearAll();
    return payload;
  }

  @Authorized('ADMIN')
  @Mutation(() => RestoreItemsPayload, {
    nullable: true,
    description:
      'Brings removed items back with the fields and semantic IDs that they had. One mistake refuses the whole call. ' +
      'To bring an item back with other fields, give it to `upsertItems`.',
  })
  async restoreItems(@Arg('input', () => RestoreItemsInput) { items }: RestoreItemsInput, @Ctx() context: Context) {
    const { rows, userErrors } = await rowsOf('Item', items, context, (index) => ['items', index]);
    const payload = await context.catalogue.restoreItems(rows, userErrors);
    context.loaders.clearAll();
    return payload;
  }
}

@Resolver(() => ItemSet)
export class ItemSetResolver {
  @FieldResolver(() => [Item], { description: 'The first items of the set.' })
  items(
    @Root() { itemIds }: { readonly itemIds: readonly number[] },
    @Args(() => FirstInput) { count }: FirstInput,
    @Ctx() { loaders }: Context,
  ) {
    return Promise.all(itemIds.slice(0, count).map((itemId) => loaders.item(itemId)));
  }
}
