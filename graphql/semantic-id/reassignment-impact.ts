import { Field, ObjectType } from 'type-graphql';

import { ItemSet } from '../item/item-set';

@ObjectType({ description: 'What a reassignment does to other items.', simpleResolvers: true })
export class ReassignmentImpact {
  @Field(() => ItemSet, {
    description: 'Items that share all codebook codes with another item after the change and did not before.',
  })
  readonly collisionsMade!: ItemSet;

  @Field(() => ItemSet, {
    description: 'Items that shared all codebook codes with another item before the change and do not after it.',
  })
  readonly collisionsSolved!: ItemSet;

  @Field(() => ItemSet, {
    description:
      'Items whose similar items change: those under the longest prefix that an item shares with another one.',
  })
  readonly similarItemsChanged!: ItemSet;

  @Field(() => ItemSet, {
    description: 'Old name of similarItemsChanged.',
    deprecationReason: 'Use similarItemsChanged.',
  })
  readonly neighboursChanged!: ItemSet;
}
