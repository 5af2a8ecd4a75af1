import { ValidateNested } from 'class-validator';
import { Field, Float, ID, InputType, Int } from 'type-graphql';

import { Allowed, CURRENCY, InRange, ListLength, TextLength } from '../common/bounds';
import { MAX_BATCH, MAX_ID, MAX_LIST_ID, MAX_PRICE } from '../common/limits';
import { ItemRef } from '../item/inputs';
import { UserRef } from '../user/inputs';
import type * as records from './records';
import { FeedbackKind } from './types';

const MAX_QUANTITY = 1_000_000;

@InputType({ description: 'What became of one item of a list.' })
export class NewFeedback {
  @Field(() => String, {
    nullable: true,
    description:
      "The caller's own ID of the event. An entry with the same list, item, kind and ID is recorded once; absent: each kind once for an item of a list.",
  })
  @TextLength(1, MAX_ID)
  readonly eventId?: string | null;

  @Field(() => ID, { description: 'The `listId` of the list. It is valid for 30 days.' })
  @TextLength(1, MAX_LIST_ID)
  readonly listId!: string;

  @Field(() => ItemRef, { description: 'An item of the list.' })
  @ValidateNested()
  readonly item!: ItemRef;

  @Field(() => FeedbackKind, { description: 'What became of it.' })
  readonly kind!: records.FeedbackKind;

  @Field(() => Float, {
    nullable: true,
    description:
      'Of a purchase: what was paid for all pieces. It needs a `currency`. Absent: the purchase adds nothing to the revenue.',
  })
  @InRange(0, MAX_PRICE)
  readonly value?: number | null;

  @Field(() => String, { nullable: true, description: 'The currency of `value`: a code of ISO 4217, such as EUR.' })
  @Allowed(CURRENCY)
  readonly currency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Of a purchase: how many pieces; absent: 1.' })
  @InRange(1, MAX_QUANTITY)
  readonly quantity?: number | null;
}

@InputType({ description: 'Feedback on lists.' })
export class RecordFeedbackInput {
  @Field(() => [NewFeedback], { description: '1–1,000 entries, of one list or of several.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly feedback!: NewFeedback[];

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: true,
    description: 'Whether one wrong entry refuses the whole call; if false, the correct entries are recorded.',
  })
  readonly atomic?: boolean | null;
}

@InputType({ description: 'What a user is willing to see again.' })
export class UndoDismissalsInput {
  @Field(() => UserRef, { description: 'The user.' })
  @ValidateNested()
  readonly user!: UserRef;

  @Field(() => [ItemRef], { description: '1–1,000 items.' })
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly items!: ItemRef[];
}
