import { Field, InputType } from 'type-graphql';

import { ItemOrderField } from './item-order-field';
import { OrderDirection } from './order-direction';
import type * as records from './records';

@InputType({ description: 'In which order a list of items comes. Equal ones come oldest first.' })
export class ItemOrder implements records.ItemOrderArgs {
  @Field(() => ItemOrderField, { description: 'What they are ordered by.' })
  readonly field!: records.ItemOrderField;

  @Field(() => OrderDirection, { nullable: true, defaultValue: 'ASC', description: 'Which end comes first.' })
  readonly direction?: records.OrderDirection | null;
}
