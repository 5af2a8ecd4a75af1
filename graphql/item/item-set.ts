import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A set of items: their number, and the first of them.', simpleResolvers: true })
export class ItemSet {
  @Field(() => Int, { description: 'The number of items in the set.' })
  readonly count!: number;
}
