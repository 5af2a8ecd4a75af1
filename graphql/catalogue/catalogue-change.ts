import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Int, ObjectType } from 'type-graphql';

import { CatalogueChangeKind } from './catalogue-change-kind';
import type * as records from './records';

@ObjectType({ description: 'A change that made a new version of the catalogue.', simpleResolvers: true })
export class CatalogueChange {
  @Field(() => Int, { description: 'The catalogue version after the change.' })
  readonly version!: number;

  @Field(() => CatalogueChangeKind, { description: 'The kind of change.' })
  readonly kind!: records.CatalogueChangeKind;

  @Field(() => GraphQLDateTime, { description: 'When it happened.' })
  readonly changedAt!: Date;

  @Field(() => Int, { description: 'The number of items that changed.' })
  readonly itemCount!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'The version of the reassignment that this change took back; null when it took none back. An older server did not note it.',
  })
  readonly undoes?: number;
}
