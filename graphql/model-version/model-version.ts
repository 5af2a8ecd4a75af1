import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Node } from '../common/node';
import { ModelStatus } from './model-status';
import type * as records from './records';

@ObjectType({
  implements: Node,
  description: 'A trained model with its codebooks: what recommends while it is ACTIVE.',
  simpleResolvers: true,
})
export class ModelVersion extends Node {
  @Field(() => ID, { description: 'Global ID.' })
  override readonly id!: unknown;

  @Field(() => Int, { description: 'The number of the version; the first has 1.' })
  readonly number!: number;

  @Field(() => ModelStatus, { description: 'The status.' })
  readonly status!: records.ModelStatus;

  @Field(() => String, { description: 'The preset it was trained with.' })
  readonly preset!: string;

  @Field(() => String, { description: 'The device it was trained on.' })
  readonly device!: string;

  @Field(() => Int, { description: 'The number of its trained parameters.' })
  readonly parameterCount!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'The version of the catalogue that this activation made, for `activeModelChanges(after:)`; null when it is not an event of that subscription.',
  })
  readonly catalogueVersion?: number;

  @Field(() => GraphQLDateTime, { description: 'When its training ended.' })
  readonly createdAt!: Date;
}

export const ModelVersionConnection = connectionOf(ModelVersion, 'ModelVersion');
