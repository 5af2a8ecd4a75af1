import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A number of lists, and what share of the lists it is.', simpleResolvers: true })
export class ListShare {
  @Field(() => Int, { description: 'How many lists.' })
  readonly count!: number;

  @Field(() => Float, { description: 'Their share of the lists with feedback, 0–1.' })
  readonly share!: number;

  @Field(() => Float, { description: "The lower end of the share's 95 % interval (Wilson)." })
  readonly low!: number;

  @Field(() => Float, { description: 'The upper end.' })
  readonly high!: number;
}
