import { Field, ID, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { MAX_BATCH, MAX_ID } from '../common/limits';

@InputType({ description: 'Removed items to bring back.' })
export class RestoreItemsInput {
  @Field(() => [ID], { description: 'Global IDs, 1–1,000 of them.' })
  @ListLength(1, MAX_BATCH)
  @TextLength(1, MAX_ID, { each: true })
  readonly itemIds!: string[];
}
