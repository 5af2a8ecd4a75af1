import { ValidateNested } from 'class-validator';
import { Float, ID, InputType, Int } from 'type-graphql';

import { Allowed, CURRENCY, InRange, ListLength, TextLength } from '../common/bounds';
import { Default, Field, Nullable } from '../common/field';
import { MAX_BATCH, MAX_ID, MAX_LIST_ID, MAX_PRICE } from '../common/limits';
import { ItemRef } from '../item/inputs';
import { UserRef } from '../user/inputs';
import { FeedbackKind } from './types';

const MAX_QUANTITY = 1_000_000;

@InputType({ description: 'What became of one item of a list.' })
export class NewFeedback {
  @Nullable(
    () => String,
    "The caller's own ID of the event. An entry with the same list, item, kind and ID is recorded once; absent: each kind once for an item of a list.",
  )
  @TextLength(1, MAX_ID)
  readonly eventId?: string | null;

  @Field(() => ID, 'The `listId` of the list. It is valid for 30 days.')
  @TextLength(1, MAX_LIST_ID)
  readonly listId!: string;

  @Field(() => ItemRef, 'An item of the list.')
  @ValidateNested()
  readonly item!: ItemRef;

  @Field(() => FeedbackKind, 'What became of it.')
  readonly kind!: FeedbackKind;

  @Nullable(() => Float, 'Of a purchase: what was paid for all pieces, in `currency`. Absent: no revenue.')
  @InRange(0, MAX_PRICE)
  readonly value?: number | null;

  @Nullable(() => String, 'The currency of `value`: a code of ISO 4217, such as EUR.')
  @Allowed(CURRENCY)
  readonly currency?: string | null;

  @Nullable(() => Int, 'Of a purchase: how many pieces; absent: 1.')
  @InRange(1, MAX_QUANTITY)
  readonly quantity?: number | null;
}

@InputType({ description: 'Feedback on lists.' })
export class RecordFeedbackInput {
  @Field(() => [NewFeedback], '1–1,000 entries, of one list or of several.')
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly feedback!: NewFeedback[];

  @Default(() => Boolean, true, 'Whether one wrong entry refuses the whole call; false: the correct ones are recorded.')
  readonly atomic!: boolean;
}

@InputType({ description: 'What a user is willing to see again.' })
export class UndoDismissalsInput {
  @Field(() => UserRef, 'The user.')
  @ValidateNested()
  readonly user!: UserRef;

  @Field(() => [ItemRef], '1–1,000 items.')
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly items!: ItemRef[];
}
