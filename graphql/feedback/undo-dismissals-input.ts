import { Field, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { MAX_BATCH, MAX_ID } from '../common/limits';

@InputType({ description: 'What a user is willing to see again.' })
export class UndoDismissalsInput {
  @Field(() => String, { description: 'The external ID of the user.' })
  @TextLength(1, MAX_ID)
  readonly userExternalId!: string;

  @Field(() => [String], { description: 'The external IDs of 1–1,000 items.' })
  @ListLength(1, MAX_BATCH)
  @TextLength(1, MAX_ID, { each: true })
  readonly itemExternalIds!: string[];
}
