import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context';
import { FirstInput } from '../inputs/first-input';
import { Item } from '../types/item';
import { ItemSet } from '../types/item-set';

@Resolver(() => ItemSet)
export class ItemSetResolver {
  @FieldResolver(() => [Item], { description: 'The first of them.' })
  items(
    @Root() { itemIds }: { readonly itemIds: readonly number[] },
    @Args(() => FirstInput) { first }: FirstInput,
    @Ctx() { loaders }: Context,
  ) {
    return Promise.all(itemIds.slice(0, first ?? 10).map((itemId) => loaders.item(itemId)));
  }
}
