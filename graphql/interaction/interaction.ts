import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { InteractionKind } from './interaction-kind';
import type * as records from './records';

@ObjectType({ description: "One entry of a user's history.", simpleResolvers: true })
export class Interaction {
  @Field(() => InteractionKind, { description: 'What the user did.' })
  readonly kind!: records.InteractionKind;

  @Field(() => GraphQLDateTime, { description: 'When the user did it.' })
  readonly occurredAt!: Date;
}

export const InteractionConnection = connectionOf(Interaction, 'Interaction');
