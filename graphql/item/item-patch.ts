import { Field, Float, ID, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { MAX_CATEGORIES, MAX_EMBEDDING, MAX_ID, MAX_NAME, MAX_TITLE } from '../common/limits';
import { ItemFieldsInput } from './item-fields-input';

@InputType({
  description: 'The change of an item. A field that is absent stays as it is; null empties a field that may be empty.',
})
export class ItemPatch extends ItemFieldsInput {
  @Field(() => ID, { description: 'The global ID of the item.' })
  @TextLength(1, MAX_ID)
  readonly itemId!: string;

  @Field(() => String, { nullable: true, description: 'The name that people read; it cannot be empty.' })
  @TextLength(1, MAX_TITLE)
  readonly title?: string | null;

  @Field(() => [String], { nullable: true, description: 'The categories it is in.' })
  @ListLength(0, MAX_CATEGORIES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly categories?: string[] | null;

  @Field(() => [Float], {
    nullable: true,
    description:
      "A vector from the caller's own encoder, in place of the one that the item has. The item gets its codes at once.",
  })
  @ListLength(1, MAX_EMBEDDING)
  readonly embedding?: number[] | null;
}
