import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'One step of writing a semantic ID: the code chosen at a level, and how likely it was.',
  simpleResolvers: true,
})
export class CodeStep {
  @Field(() => Int, { description: '0 is the coarsest.' })
  readonly level!: number;

  @Field(() => Int, { description: 'The code chosen.' })
  readonly code!: number;

  @Field(() => Float, {
    description: "Natural-log probability, among the codes that lead to an item. The steps' sum is the `decoderScore`.",
  })
  readonly logProbability!: number;
}
