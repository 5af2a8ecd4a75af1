import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'How the codes of one level are used.', simpleResolvers: true })
export class CodebookLevel {
  @Field(() => Int, { description: 'The level; 0 is the coarsest.' })
  readonly level!: number;

  @Field(() => Int, { description: 'The number of codes in the codebook.' })
  readonly size!: number;

  @Field(() => Int, { description: 'The number of codes that at least one item has.' })
  readonly usedCodes!: number;

  @Field(() => Float, {
    description:
      'The exponential of the entropy of the code frequencies: `usedCodes` when all used codes are equally frequent, less otherwise.',
  })
  readonly perplexity!: number;

  @Field(() => [Int], { description: 'The number of items with each code.' })
  readonly histogram!: readonly number[];
}
