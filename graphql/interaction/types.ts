import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { enumOf } from '../common/types';
import type * as records from './records';

export const InteractionKind = enumOf<records.InteractionKind>('InteractionKind', 'What a user did with an item.', {
  PURCHASE: 'The user bought it.',
  VIEW: 'The user looked at it.',
  CART: 'The user put it into the cart.',
  RATING: 'The user rated it.',
});

@ObjectType({ description: "One entry of a user's history.", simpleResolvers: true })
export class Interaction {
  @Field(() => ID, { description: 'Global ID, by which `deleteInteractions` deletes it.' })
  readonly id!: unknown;

  @Field(() => InteractionKind, { description: 'What the user did.' })
  readonly kind!: records.InteractionKind;

  @Field(() => GraphQLDateTime, { description: 'When the user did it.' })
  readonly occurredAt!: Date;
}

export const InteractionConnection = connectionOf(Interaction, 'Interaction');
