import { Field, ID, InputType } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { MAX_ID, MAX_LIST_ID } from '../common/limits';
import { FeedbackKind } from './feedback-kind';
import type * as records from './records';

@InputType({ description: 'What became of one item of a list.' })
export class NewFeedback {
  @Field(() => ID, { description: 'The `listId` of the list. It is valid for 30 days.' })
  @TextLength(1, MAX_LIST_ID)
  readonly listId!: string;

  @Field(() => String, { description: 'The external ID of the item.' })
  @TextLength(1, MAX_ID)
  readonly itemExternalId!: string;

  @Field(() => FeedbackKind, { description: 'What became of it.' })
  readonly kind!: records.FeedbackKind;
}
