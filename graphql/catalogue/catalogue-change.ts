import { Field, Int, ObjectType } from 'type-graphql';

import { CatalogueChangeKind } from './catalogue-change-kind';
import type * as records from './records';

@ObjectType({ description: 'One step of the catalogue from a version to the next.', simpleResolvers: true })
export class CatalogueChange {
  @Field(() => Int, { description: 'The version after it.' })
  readonly version!: number;

  @Field(() => CatalogueChangeKind, { description: 'What happened.' })
  readonly kind!: records.CatalogueChangeKind;

  @Field(() => Int, { description: 'Items that it touched.' })
  readonly itemCount!: number;
}
