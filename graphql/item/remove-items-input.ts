import { Field, ID, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { MAX_BATCH, MAX_ID } from '../common/limits';

@InputType({ description: 'Items to remove from the catalogue. Their interactions stay.' })
export class RemoveItemsInput {
  @Field(() => [ID], { description: 'Global IDs, 1–1,000 of them.' })
  @ListLength(1, MAX_BATCH)
  @TextLength(1, MAX_ID, { each: true })
  readonly itemIds!: string[];
}
