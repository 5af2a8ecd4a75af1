import { Field, ObjectType } from 'type-graphql';

import { ItemSet } from '../item/item-set';

@ObjectType({ description: 'What a reassignment does beside the items that it names.', simpleResolvers: true })
export class ReassignmentImpact {
  @Field(() => ItemSet, {
    description: 'Items that share all codebook codes with another one afterwards, and did not before.',
  })
  readonly collisionsMade!: ItemSet;

  @Field(() => ItemSet, {
    description: 'Items that shared all codebook codes with another one before, and do not afterwards.',
  })
  readonly collisionsSolved!: ItemSet;

  @Field(() => ItemSet, {
    description:
      'Items whose nearest neighbours, those under the longest prefix shared with any, are others afterwards.',
  })
  readonly neighboursChanged!: ItemSet;
}
