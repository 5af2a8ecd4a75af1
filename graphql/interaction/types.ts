import { GraphQLDateTime } from 'graphql-scalars';
import { Float, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf, MutationPayload } from '../common/types';
import type { UserRecord } from '../user/records';
import { User } from '../user/types';

export const InteractionKind = enumOf('InteractionKind', 'What a user did with an item.', {
  PURCHASE: 'The user bought it.',
  VIEW: 'The user looked at it.',
  CART: 'The user put it into the cart.',
  LIKE: 'The user likes it, or wants to remember it.',
  RATING: 'The user rated it; `rating` says how.',
});
export type InteractionKind = keyof typeof InteractionKind;

@ObjectType({ description: "One entry of a user's history.", simpleResolvers: true })
export class Interaction {
  @Field(() => ID, 'Global ID, by which `deleteInteractions` deletes it.')
  readonly id!: unknown;

  @Field(() => InteractionKind, 'What the user did.')
  readonly kind!: InteractionKind;

  @Nullable(() => Float, 'How the user rated it; null for other kinds than RATING.')
  readonly rating!: number | null;

  @Field(() => GraphQLDateTime, 'When the user did it.')
  readonly occurredAt!: Date;
}

@ObjectType({ description: 'What interactions of a kind do: see TIGERQL_KINDS.', simpleResolvers: true })
export class InteractionKindRule {
  @Field(() => InteractionKind, 'The kind.')
  readonly kind!: InteractionKind;

  @Field(() => Float, 'How much one of them counts in trainings and popularity; 0: as if it were not there.')
  readonly weight!: number;

  @Field(() => Boolean, 'Whether it takes its item out of the lists of the user, unless `includeSeen` is asked for.')
  readonly hidesItem!: boolean;
}

export const InteractionConnection = connectionOf(Interaction, 'Interaction');

@ObjectType({ description: 'The answer of `recordInteractions`.', simpleResolvers: true })
export class RecordInteractionsPayload extends MutationPayload {
  @Field(() => Int, 'The number of interactions recorded. It does not count those whose `eventId` was recorded before.')
  readonly recorded!: number;

  @Field(() => [User], 'The users of the interactions that were not refused, each once.')
  readonly users!: readonly UserRecord[];
}

@ObjectType({ description: 'The answer of `deleteInteractions`.', simpleResolvers: true })
export class DeleteInteractionsPayload extends MutationPayload {
  @Field(() => Int, 'How many of them there were.')
  readonly deleted!: number;
}
