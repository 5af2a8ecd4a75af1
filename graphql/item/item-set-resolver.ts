import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';

import { FirstInput } from '../common/first-input';
import type { Context } from '../context';
import { Item } from './item';
import { ItemSet } from './item-set';

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
