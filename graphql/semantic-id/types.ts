import { Float, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field } from '../common/field';


@ObjectType({
  description:
    'The name of an item that the model reads and writes: one code for each level, coarse to fine, then a collision token.',
  simpleResolvers: true,
})
export class SemanticId {
  @Field(() => [Int], 'One code for each level, then the collision token, such as `[12, 24, 52, 0]`.')
  readonly codes!: readonly number[];
}

@ObjectType({
  description: 'A node of the trie: the first codes of one or more semantic IDs. The root has no codes.',
  simpleResolvers: true,
})
export class SemanticIdPrefix {
  @Field(() => [Int], 'The codes of the prefix, coarse to fine.')
  readonly codes!: readonly number[];

  @Field(() => Int, 'The number of items whose semantic ID begins with these codes.')
  readonly itemCount!: number;
}

export const SemanticIdPrefixConnection = connectionOf(SemanticIdPrefix, 'SemanticIdPrefix');

@ObjectType({ description: 'How the codes of one level are used.', simpleResolvers: true })
export class CodebookLevel {
  @Field(() => Int, 'The level; 0 is the coarsest.')
  readonly level!: number;

  @Field(() => Int, 'The number of codes in the codebook.')
  readonly size!: number;

  @Field(() => Int, 'The number of codes that at least one item has.')
  readonly usedCodes!: number;

  @Field(
    () => Float,
    'The exponential of the entropy of the code frequencies: `usedCodes` when all used codes are equally frequent, less otherwise.',
  )
  readonly perplexity!: number;

  @Field(() => [Int], 'The number of items with each code.')
  readonly histogram!: readonly number[];
}

@ObjectType({ description: 'Figures about items that only the collision token tells apart.', simpleResolvers: true })
export class CollisionReport {
  @Field(() => Int, 'The number of items that share all codebook codes with another item.')
  readonly collidingItemCount!: number;

  @Field(() => Float, 'Their share of all items that have a semantic ID, 0–1.')
  readonly rate!: number;
}

@ObjectType({ description: 'How far a reassignment is, or its dry run.', simpleResolvers: true })
export class ReassignmentProgress {
  @Field(() => Int, 'Items whose new codes are known.')
  readonly done!: number;

  @Field(() => Int, 'Items that it is about.')
  readonly total!: number;
}
