import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Figures about items that only the collision token tells apart.', simpleResolvers: true })
export class CollisionReport {
  @Field(() => Int, { description: 'The number of items that share all codebook codes with another item.' })
  readonly collidingItemCount!: number;

  @Field(() => Float, { description: 'Their share of all items that have a semantic ID, 0–1.' })
  readonly rate!: number;
}
