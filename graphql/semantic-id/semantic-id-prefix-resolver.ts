import { Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';

import { toConnection } from '../common/connection';
import { type PageInput, PageOf20, PageOf50, toPage } from '../common/page-input';
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
    description: 'A node of the trie; no codes: its root. null when no item begins with these codes.',
  })
  semanticIdPrefix(@Args(() => PrefixInput) { codes }: PrefixInput, @Ctx() { catalogue }: Context) {
    return catalogue.prefix(codes ?? []);
  }

  @FieldResolver(() => Int, { description: 'How many codes it has; the root has 0.' })
  depth(@Root() { codes }: PrefixRecord) {
    return codes.length;
  }

  @FieldResolver(() => [String], {
    description: 'What the items under it have in common: their categories, most frequent first.',
    complexity: 5,
  })
  topCategories(@Root() { codes }: PrefixRecord, @Ctx() { catalogue }: Context) {
    return catalogue.topCategories(codes);
  }

  @FieldResolver(() => SemanticIdPrefix, { nullable: true, description: 'One code shorter; null for the root.' })
  parent(@Root() { codes }: PrefixRecord, @Ctx() context: Context) {
    return codes.length === 0 ? null : prefixOf(codes.slice(0, -1), context);
  }

  @FieldResolver(() => SemanticIdPrefixConnection, { description: 'One code longer, in the order of that code.' })
  async children(
    @Root() { codes }: PrefixRecord,
    @Args(() => PageOf50) page: PageInput,
    @Ctx() { catalogue }: Context,
  ) {
    return toConnection(await catalogue.prefixChildren(codes, toPage(page, 50)));
  }

  @FieldResolver(() => ItemConnection, { description: 'The items under it, in the order of their semantic IDs.' })
  async items(@Root() { codes }: PrefixRecord, @Args(() => PageOf20) page: PageInput, @Ctx() { catalogue }: Context) {
    return toConnection(await catalogue.prefixItems(codes, toPage(page, 20)));
  }
}
