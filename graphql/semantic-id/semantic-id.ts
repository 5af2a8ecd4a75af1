import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description:
    'The name of an item that the model reads and writes: one code for each level, coarse to fine, then a collision token.',
  simpleResolvers: true,
})
export class SemanticId {
  @Field(() => [Int], { description: 'One code for each level, then the collision token, such as `[12, 24, 52, 0]`.' })
  readonly codes!: readonly number[];
}
