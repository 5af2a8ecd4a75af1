import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Items that only the collision token tells apart.', simpleResolvers: true })
export class CollisionReport {
  @Field(() => Int, { description: 'Items that share all codebook codes with another one.' })
  readonly collidingItemCount!: number;

  @Field(() => Float, { description: 'The same as a share of the tokenized items, 0–1.' })
  readonly rate!: number;
}
