import { ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Directive, Field, Float, ID, InputType } from 'type-graphql';

import { InTime, ListLength, TextLength } from '../common/bounds';
import { MAX_BATCH, MAX_ID } from '../common/limits';
import { ItemRef } from '../item/inputs';
import { UserRef } from '../user/inputs';
import type * as records from './records';
import { InteractionKind } from './types';

@InputType({ description: 'Something that a user did with an item.' })
export class NewInteraction {
  @Field(() => String, {
    nullable: true,
    description: "The caller's own ID of the event. Events with the same ID are recorded once.",
  })
  @TextLength(1, MAX_ID)
  readonly eventId?: string | null;

  @Field(() => UserRef, { description: 'The user. One with an unknown external ID is created.' })
  @ValidateNested()
  readonly user!: UserRef;

  @Field(() => ItemRef, { description: 'The item. It must exist.' })
  @ValidateNested()
  readonly item!: ItemRef;

  @Field(() => InteractionKind, {
    nullable: true,
    defaultValue: InteractionKind.PURCHASE,
    description: 'What the user did.',
  })
  readonly kind?: records.InteractionKind | null;

  @Field(() => Float, {
    nullable: true,
    description: 'How the user rated it, on whatever scale the shop has; of kind RATING alone.',
  })
  readonly rating?: number | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the user did it; absent: now. A time more than a day ahead is refused.',
  })
  @InTime()
  readonly occurredAt?: Date | null;
}

@Directive('@oneOf')
@InputType({ description: 'Names an interaction: give one of the two.' })
export class InteractionRef {
  @Field(() => ID, { nullable: true, description: 'Its `id`.' })
  readonly id?: string;

  @Field(() => String, { nullable: true, description: "The caller's own ID of the event." })
  readonly eventId?: string;
}

@InputType({ description: 'Interactions to delete.' })
export class DeleteInteractionsInput {
  @Field(() => [InteractionRef], { description: '1–1,000 interactions.' })
  @ListLength(1, MAX_BATCH)
  readonly interactions!: InteractionRef[];
}

@InputType({ description: 'Interactions to record.' })
export class RecordInteractionsInput {
  @Field(() => [NewInteraction], { description: '1–1,000 interactions.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly interactions!: NewInteraction[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description:
      'Whether one wrong interaction refuses the whole call; if false, the correct interactions are recorded.',
  })
  readonly atomic?: boolean | null;
}
