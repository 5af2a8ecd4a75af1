import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';

import type { Context } from '../context';
import { Item } from '../item/item';
import { SemanticIdChange } from './semantic-id-change';

@Resolver(() => SemanticIdChange)
export class SemanticIdChangeResolver {
  @FieldResolver(() => Item, { description: 'The item.' })
  item(@Root() change: { readonly itemId: number }, @Ctx() { loaders }: Context) {
    return loaders.item(change.itemId);
  }
}
