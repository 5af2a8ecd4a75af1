import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'How well one level of the codebooks is used.', simpleResolvers: true })
export class CodebookLevel {
  @Field(() => Int, { description: '0 is the coarsest.' })
  readonly level!: number;

  @Field(() => Int, { description: 'Codes in the codebook.' })
  readonly size!: number;

  @Field(() => Int, { description: 'Codes that some item has.' })
  readonly usedCodes!: number;

  @Field(() => Float, {
    description: "exp of the entropy of the codes' use: how many codes would do if all were used alike.",
  })
  readonly perplexity!: number;

  @Field(() => [Int], { description: 'Items by code.' })
  readonly histogram!: readonly number[];
}
