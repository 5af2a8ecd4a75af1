import { ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Directive, Float, InputType } from 'type-graphql';

import { InTime, ListLength, TextLength } from '../common/bounds';
import { Default, Field, Nullable } from '../common/field';
import { MAX_BATCH, MAX_ID } from '../common/limits';
import { AnyReference } from '../common/types';
import { ItemRef } from '../item/inputs';
import { UserRef } from '../user/inputs';
import { InteractionKind } from './types';

@InputType({ description: 'Something that a user did with an item.' })
export class NewInteraction {
  @Nullable(() => String, "The caller's own ID of the event. Events with the same ID are recorded once.")
  @TextLength(1, MAX_ID)
  readonly eventId?: string | null;

  @Field(() => UserRef, 'The user. One with an unknown external ID is created.')
  @ValidateNested()
  readonly user!: UserRef;

  @Field(() => ItemRef, 'The item. It must exist.')
  @ValidateNested()
  readonly item!: ItemRef;

  @Default(() => InteractionKind, InteractionKind.PURCHASE, 'What the user did.')
  readonly kind!: InteractionKind;

  @Nullable(() => Float, 'How the user rated it, on whatever scale the shop has; of kind RATING alone.')
  readonly rating?: number | null;

  @Nullable(() => GraphQLDateTime, 'When the user did it; absent: now. A time more than a day ahead is refused.')
  @InTime()
  readonly occurredAt?: Date | null;
}

@Directive('@oneOf')
@InputType({ description: 'Names an interaction: give one of the two.' })
export class InteractionRef extends AnyReference {
  @Nullable(() => String, "The caller's own ID of the event.")
  readonly eventId?: string;
}

@InputType({ description: 'Interactions to delete.' })
export class DeleteInteractionsInput {
  @Field(() => [InteractionRef], '1–1,000 interactions.')
  @ListLength(1, MAX_BATCH)
  readonly interactions!: InteractionRef[];
}

@InputType({ description: 'Interactions to record.' })
export class RecordInteractionsInput {
  @Field(() => [NewInteraction], '1–1,000 interactions.')
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly interactions!: NewInteraction[];

  @Default(() => Boolean, true, 'Whether one wrong entry refuses the whole call; false: the correct ones are recorded.')
  readonly atomic!: boolean;
}
