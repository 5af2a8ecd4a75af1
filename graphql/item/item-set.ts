import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Some items, of which there may be too many to show.', simpleResolvers: true })
export class ItemSet {
  @Field(() => Int, { description: 'How many there are.' })
  readonly count!: number;
}
