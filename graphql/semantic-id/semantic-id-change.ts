import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: "An item's semantic ID before and after.", simpleResolvers: true })
export class SemanticIdChange {
  @Field(() => [Int], { nullable: true, description: 'Codes before; null when it had none.' })
  readonly before!: readonly number[] | null;

  @Field(() => [Int], { description: 'Codes after.' })
  readonly after!: readonly number[];
}
