import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description: "An item's name in the model's language: one code a level, coarse to fine, then a collision token.",
  simpleResolvers: true,
})
export class SemanticId {
  @Field(() => [Int], { description: 'The codebook levels and the collision token, e.g. `[12, 24, 52, 0]`.' })
  readonly codes!: readonly number[];
}
