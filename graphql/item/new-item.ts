import { Field, Float, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { MAX_CATEGORIES, MAX_EMBEDDING, MAX_ID, MAX_NAME, MAX_TITLE } from '../common/limits';
import { ItemFieldsInput } from './item-fields-input';
import type { NewItemArgs } from './records';

@InputType({ description: 'An item to add.' })
export class NewItem extends ItemFieldsInput implements NewItemArgs {
  @Field(() => String, { description: 'The ID that the shop itself uses. No other item may have it.' })
  @TextLength(1, MAX_ID)
  readonly externalId!: string;

  @Field(() => String, {
    description: 'The name that people read. The semantic ID is made from it, the brand and the categories.',
  })
  @TextLength(1, MAX_TITLE)
  readonly title!: string;

  @Field(() => [String], { nullable: true, defaultValue: [], description: 'The categories it is in.' })
  @ListLength(0, MAX_CATEGORIES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly categories?: string[] | null;

  @Field(() => [Float], {
    nullable: true,
    description: "A vector from the caller's own encoder. It is used instead of the vector of the text.",
  })
  @ListLength(1, MAX_EMBEDDING)
  readonly embedding?: number[] | null;
}
