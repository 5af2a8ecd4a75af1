import { Field, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';

@ObjectType({
  description: 'A node of the trie: the first codes of one or more semantic IDs. The root has no codes.',
  simpleResolvers: true,
})
export class SemanticIdPrefix {
  @Field(() => [Int], { description: 'The codes of the prefix, coarse to fine.' })
  readonly codes!: readonly number[];

  @Field(() => Int, { description: 'The number of items whose semantic ID begins with these codes.' })
  readonly itemCount!: number;
}

export const SemanticIdPrefixConnection = connectionOf(SemanticIdPrefix, 'SemanticIdPrefix');
