import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'The semantic ID of an item before and after a change.', simpleResolvers: true })
export class SemanticIdChange {
  @Field(() => [Int], { nullable: true, description: 'The codes before; null when the item had none.' })
  readonly before!: readonly number[] | null;

  @Field(() => [Int], { description: 'The codes after.' })
  readonly after!: readonly number[];
}
