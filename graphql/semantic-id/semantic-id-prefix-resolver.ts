import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';

import { ownConnection } from '../common/connection';
import { COST_OF_CATEGORIES, costOfOwnPage } from '../common/cost';
import { type PageInput, PageOf20, PageOf50 } from '../common/page-input';
import type { Context } from '../context';
import { ItemConnection } from '../item/item';
import { PrefixInput } from './prefix-input';
import { prefixOf } from './prefix-of';
import type { PrefixRecord } from './records';
import { SemanticIdPrefix, SemanticIdPrefixConnection } from './semantic-id-prefix';

@Resolver(() => SemanticIdPrefix)
export class SemanticIdPrefixResolver {
  @Query(() => SemanticIdPrefix, {
    nullable: true,
    description:
      'The node of the trie with these codes; null when no semantic ID begins with them. No codes: the root.',
  })
  semanticIdPrefix(@Args(() => PrefixInput) { codes }: PrefixInput, @Ctx() { catalogue }: Context) {
    return catalogue.prefix(codes ?? []);
  }

  @FieldResolver(() => Int, { description: 'The number of codes; the root has 0.' })
  depth(@Root() { codes }: PrefixRecord) {
    return codes.length;
  }

  @FieldResolver(() => [String], {
    description: 'The categories of the items under it, the most frequent first.',
    complexity: COST_OF_CATEGORIES,
  })
  topCategories(@Root() { codes }: PrefixRecord, @Ctx() { catalogue, loaders }: Context) {
    return loaders.inTurn(['topCategories', codes], () => catalogue.topCategories(codes));
  }

  @FieldResolver(() => SemanticIdPrefix, {
    nullable: true,
    description: 'The prefix that is one code shorter; null for the root.',
  })
  parent(@Root() { codes }: PrefixRecord, @Ctx() context: Context) {
    return codes.length === 0 ? null : prefixOf(codes.slice(0, -1), context);
  }

  @FieldResolver(() => SemanticIdPrefixConnection, {
    nullable: true,
    description: 'The prefixes that are one code longer, in the order of that code.',
    complexity: costOfOwnPage,
  })
  children(
    @Root() { codes }: PrefixRecord,
    @Args(() => PageOf50) page: PageInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    return ownConnection(loaders, ['prefixChildren', codes], page, (args) => catalogue.prefixChildren(codes, args));
  }

  @FieldResolver(() => ItemConnection, {
    nullable: true,
    description: 'The items under it, in the order of their semantic IDs.',
    complexity: costOfOwnPage,
  })
  items(
    @Root() { codes }: PrefixRecord,
    @Args(() => PageOf20) page: PageInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    return ownConnection(loaders, ['prefixItems', codes], page, (args) => catalogue.prefixItems(codes, args));
  }
}
