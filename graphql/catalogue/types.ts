import { GraphQLDateTime } from 'graphql-scalars';
import { Int, ObjectType } from 'type-graphql';

import { Field, Nullable } from '../common/field';
import { enumOf } from '../common/types';

export const CatalogueChangeKind = enumOf('CatalogueChangeKind', 'The kind of a change of the catalogue.', {
  ITEMS_ADDED: 'Items were added.',
  ITEMS_UPDATED: 'Fields of items were changed.',
  ITEMS_REMOVED: 'Items were removed and are no longer recommended.',
  ITEMS_RESTORED: 'Removed items were brought back.',
  ITEMS_UPSERTED: 'A feed was taken over: some items were added, and others changed, brought back or removed.',
  SEMANTIC_IDS_REASSIGNED: 'Items got other semantic IDs.',
  MODEL_ACTIVATED: 'Another model version became active, with its semantic IDs.',
});
export type CatalogueChangeKind = keyof typeof CatalogueChangeKind;

@ObjectType({ description: 'A change that made a new version of the catalogue.', simpleResolvers: true })
export class CatalogueChange {
  @Field(() => Int, 'The catalogue version after the change.')
  readonly version!: number;

  @Field(() => CatalogueChangeKind, 'The kind of change.')
  readonly kind!: CatalogueChangeKind;

  @Field(() => GraphQLDateTime, 'When it happened.')
  readonly changedAt!: Date;

  @Field(() => Int, 'The number of items that changed.')
  readonly itemCount!: number;

  @Nullable(() => Int, 'The version of the reassignment that it took back; null: none, or an older server did.')
  readonly undoes?: number;
}

/** Its fields are all in `catalogue-resolver.ts`. */
@ObjectType({ description: 'All items, and figures about their semantic IDs.' })
export class Catalogue {}
