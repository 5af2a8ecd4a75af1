import { GraphQLDateTime } from 'graphql-scalars';
import { FieldResolver, Resolver, Root } from 'type-graphql';

import { CatalogueChange } from './catalogue-change';
import type { CatalogueChangeRecord } from './records';

@Resolver(() => CatalogueChange)
export class CatalogueChangeResolver {
  @FieldResolver(() => GraphQLDateTime)
  changedAt(@Root() { changedAt = new Date() }: CatalogueChangeRecord) {
    return changedAt;
  }
}
