import { ValidateNested } from 'class-validator';
import { ArgsType, Directive, Float, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { TwoWayPage } from '../common/connection';
import { Default, Field, Nullable } from '../common/field';
import { MAX_BATCH, MAX_CATEGORIES, MAX_EMBEDDING, MAX_ID, MAX_NAME, MAX_SEARCH, MAX_TITLE } from '../common/limits';
import { Reference } from '../common/types';
import { ItemFields, ItemFilter } from './fields';
import { ItemOrderField, OrderDirection } from './types';

@InputType({ description: 'In which order a list of items comes. Equal ones come oldest first.' })
export class ItemOrder {
  @Field(() => ItemOrderField, 'What they are ordered by.')
  readonly field!: ItemOrderField;

  @Nullable(() => OrderDirection, 'Which end comes first.', { defaultValue: 'ASC' })
  readonly direction?: OrderDirection | null;
}

@ArgsType()
export class ItemsInput extends TwoWayPage {
  @Nullable(
    () => String,
    'Words that an item has in its title, brand, categories or external ID, in any order, or that its words begin with. Case, ' +
      'accents and the plural do not count. Absent: all items.',
  )
  @TextLength(1, MAX_SEARCH)
  readonly search?: string | null;

  @Nullable(() => ItemFilter, 'Which items to list; absent: all.')
  @ValidateNested()
  readonly filter?: ItemFilter | null;

  @Nullable(() => ItemOrder, 'In which order; absent: the best first in a search, else the oldest.')
  readonly orderBy?: ItemOrder | null;

  @Default(() => Boolean, false, 'Whether to list the items that were removed, instead of the others.')
  readonly removed!: boolean;
}

@Directive('@oneOf')
@InputType({ description: 'Names an item: give one of the two.' })
export class ItemRef extends Reference {}

/** The fields that a new item and the change of one have, beside those of an item. It is not a type of the schema. */
@InputType()
abstract class GivenItem extends ItemFields {
  @Nullable(() => [String], 'The categories it is in.')
  @ListLength(0, MAX_CATEGORIES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly categories?: readonly string[] | null;

  @Nullable(() => [Float], "A vector from the caller's own encoder. Codes are made of it at once.")
  @ListLength(1, MAX_EMBEDDING)
  readonly embedding?: readonly number[] | null;
}

@InputType({ description: 'An item as the shop has it. In one that there is, an absent field stays; null empties.' })
export class NewItem extends GivenItem {
  @Field(() => String, 'The ID that the shop itself uses.')
  @TextLength(1, MAX_ID)
  readonly externalId!: string;

  @Field(() => String, 'The name that people read. The semantic ID is made from it, the brand and the categories.')
  @TextLength(1, MAX_TITLE)
  readonly title!: string;
}

@InputType({ description: 'The change of an item. An absent field stays as it is; null empties.' })
export class ItemPatch extends GivenItem {
  @Field(() => ItemRef, 'The item.')
  @ValidateNested()
  readonly item!: ItemRef;

  @Nullable(() => String, 'The name that people read; it cannot be empty.')
  @TextLength(1, MAX_TITLE)
  readonly title?: string | null;
}

@InputType({ description: 'Items as the shop has them now.' })
export class UpsertItemsInput {
  @Field(() => [NewItem], '1–1,000 items.')
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly items!: NewItem[];

  @Default(() => Boolean, true, 'Whether one wrong item refuses the whole call; false: the correct ones are stored.')
  readonly atomic!: boolean;
}

@InputType({ description: 'Items to change.' })
export class UpdateItemsInput {
  @Field(() => [ItemPatch], '1–1,000 changes.')
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly items!: ItemPatch[];

  @Default(
    () => Boolean,
    false,
    'Whether the changed items also get new semantic IDs, made from their new texts. An item whose vector was given ' +
      'needs a new `embedding` for that.',
  )
  readonly reencode!: boolean;
}

/** The field that inputs have which name items alone. It is not a type of the schema. */
@InputType()
abstract class NamedItemsInput {
  @Field(() => [ItemRef], '1–1,000 items.')
  @ListLength(1, MAX_BATCH)
  readonly items!: ItemRef[];
}

@InputType({ description: 'Items to remove from the catalogue. Their interactions stay.' })
export class RemoveItemsInput extends NamedItemsInput {}

@InputType({ description: 'Items to delete; they may be removed already.' })
export class DeleteItemsInput extends NamedItemsInput {}

@InputType({ description: 'Removed items to bring back.' })
export class RestoreItemsInput extends NamedItemsInput {}
