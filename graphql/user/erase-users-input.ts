import { Field, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { MAX_BATCH, MAX_ID } from '../common/limits';

@InputType({ description: 'Users to erase.' })
export class EraseUsersInput {
  @Field(() => [String], { description: 'The IDs that the shop itself uses, 1–1,000 of them.' })
  @ListLength(1, MAX_BATCH)
  @TextLength(1, MAX_ID, { each: true })
  readonly userExternalIds!: string[];
}
