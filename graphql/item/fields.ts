/**
 * The optional fields of an item, and the conditions on items, each in one place. Items, new items, changes of items and the records of
 * the ports derive from them; `src/storage/item-columns.ts` has a line for each.
 */
import { ValidateNested } from 'class-validator';
import { GraphQLDateTime, GraphQLJSON } from 'graphql-scalars';
import { Float, InputType, Int, ObjectType } from 'type-graphql';

import {
  Allowed,
  CodeList,
  CURRENCY,
  GROUP_ID,
  InRange,
  InTime,
  ListLength,
  type PlainJson,
  PlainValue,
  TextLength,
  WEB_ADDRESS,
} from '../common/bounds';
import { COST_OF_ATTRIBUTES, COST_OF_DESCRIPTION } from '../common/cost';
import { Field, Nullable } from '../common/field';
import {
  MAX_DESCRIPTION,
  MAX_FILTER_ATTRIBUTES,
  MAX_FILTER_IDS,
  MAX_FILTER_NAMES,
  MAX_ID,
  MAX_NAME,
  MAX_PRICE,
} from '../common/limits';
import { enumOf } from '../common/types';

export const Availability = enumOf('Availability', 'Whether a shop has an item.', {
  IN_STOCK: 'It can be bought.',
  PREORDER: 'It can be ordered, and comes later.',
  OUT_OF_STOCK: 'It cannot be bought now; no list has it.',
});
export type AvailabilityState = keyof typeof Availability;

/** The fields that an item, a new item and the change of an item have alike. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
@InputType()
export abstract class ItemFields {
  @Nullable(() => String, 'A longer text about the item.', { complexity: COST_OF_DESCRIPTION })
  @TextLength(0, MAX_DESCRIPTION)
  readonly description?: string | null;

  @Nullable(() => String, 'The brand that makes it.')
  @TextLength(1, MAX_NAME)
  readonly brand?: string | null;

  @Nullable(() => String, 'The address of its page in the shop; `https:` or `http:`.')
  @Allowed(WEB_ADDRESS)
  readonly url?: string | null;

  @Nullable(() => String, 'The address of its picture; `https:` or `http:`.')
  @Allowed(WEB_ADDRESS)
  readonly imageUrl?: string | null;

  @Nullable(() => Float, 'The price, in `currency`.')
  @InRange(0, MAX_PRICE)
  readonly price?: number | null;

  @Nullable(() => String, "The currency of the price: a code of ISO 4217, such as EUR. Null: the shop's own.")
  @Allowed(CURRENCY)
  readonly currency?: string | null;

  @Nullable(() => Availability, 'Whether the shop has it; where none is given, IN_STOCK.')
  readonly availability?: AvailabilityState | null;

  @Nullable(() => GraphQLDateTime, 'From when on it can be bought, and lists have it. Null: from the beginning.')
  @InTime()
  readonly availableFrom?: Date | null;

  @Nullable(() => GraphQLDateTime, 'Until when it can be bought; no list has it afterwards. Null: without end.')
  @InTime()
  readonly availableUntil?: Date | null;

  @Nullable(() => String, 'Equal for items that are one to a buyer, such as sizes of a shirt: a list has one.')
  @Allowed(GROUP_ID)
  readonly groupId?: string | null;

  @Nullable(() => GraphQLJSON, 'Other facts; at most 16 KiB of JSON.', { complexity: COST_OF_ATTRIBUTES })
  readonly attributes?: unknown;
}

@ObjectType('StoredAttributeCondition', {
  description: 'A condition on an attribute, as it was saved.',
  simpleResolvers: true,
})
@InputType({
  description: 'A condition on an attribute. It must meet every part that is given.',
})
export class AttributeCondition {
  @Field(() => String, 'The name of the attribute, as it stands in `attributes`; of an outermost one.')
  @TextLength(1, MAX_NAME)
  readonly name!: string;

  @Nullable(() => GraphQLJSON, 'It is this text, number or truth value.')
  @PlainValue()
  readonly equals?: PlainJson | null;

  @Nullable(() => [GraphQLJSON], 'It is one of these texts, numbers or truth values.')
  @ListLength(0, MAX_FILTER_NAMES)
  @PlainValue({ each: true })
  readonly in?: readonly PlainJson[] | null;

  @Nullable(() => Float, 'It is a number, and this or more.')
  readonly min?: number | null;

  @Nullable(() => Float, 'It is a number, and this or less.')
  readonly max?: number | null;

  @Nullable(() => Boolean, 'Whether the item has it at all; null is no value.')
  readonly exists?: boolean | null;
}

@ObjectType('StoredItemFilter', {
  description: 'A filter, as it was saved; what it does not ask is null.',
  simpleResolvers: true,
})
@InputType({ description: 'Selects items. An item must meet every condition that is given.' })
export class ItemFilter {
  @Nullable(() => [String], 'The item is in one of these categories.')
  @ListLength(0, MAX_FILTER_NAMES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly categories?: readonly string[] | null;

  @Nullable(() => [String], 'The item is of one of these brands.')
  @ListLength(0, MAX_FILTER_NAMES)
  @TextLength(1, MAX_NAME, { each: true })
  readonly brands?: readonly string[] | null;

  @Nullable(() => Float, 'The price is this or more; items without a price do not match.')
  @InRange(0, MAX_PRICE)
  readonly minPrice?: number | null;

  @Nullable(() => Float, 'The price is this or less; items without a price do not match.')
  @InRange(0, MAX_PRICE)
  readonly maxPrice?: number | null;

  @Nullable(() => Boolean, 'Whether it can be bought now. Lists have no other items in any case.')
  readonly isAvailable?: boolean | null;

  @Nullable(() => [Availability], 'Its availability is one of these.')
  @ListLength(0, MAX_FILTER_NAMES)
  readonly availability?: readonly AvailabilityState[] | null;

  @Nullable(() => [String], 'The item is of one of these groups.')
  @ListLength(0, MAX_FILTER_NAMES)
  @TextLength(1, MAX_ID, { each: true })
  readonly groupIds?: readonly string[] | null;

  @Nullable(() => [AttributeCondition], 'Its attributes meet all of these; 1–20.')
  @ListLength(0, MAX_FILTER_ATTRIBUTES)
  @ValidateNested({ each: true })
  readonly attributes?: readonly AttributeCondition[] | null;

  @Nullable(() => [String], 'The item has one of these external IDs.')
  @ListLength(0, MAX_FILTER_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly externalIds?: readonly string[] | null;

  @Nullable(() => [String], 'The item has none of these external IDs.')
  @ListLength(0, MAX_FILTER_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly excludeExternalIds?: readonly string[] | null;

  @Nullable(() => [Int], 'The semantic ID begins with these codes.')
  @CodeList(0)
  readonly semanticIdPrefix?: readonly number[] | null;

  @Nullable(() => GraphQLDateTime, 'The item was added to the catalogue after this time.')
  @InTime()
  readonly addedAfter?: Date | null;
}
