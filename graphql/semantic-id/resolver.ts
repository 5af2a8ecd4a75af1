/** @returns The prefix; with no items when its last item was removed while the request ran. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Authorized, Ctx, Info, Int, Resolver, Root } from 'type-graphql';

import { asksFor } from '../common/asked-fields';
import { FirstInput, ownConnection, type PageInput, PageOf20, PageOf50 } from '../common/connection';
import { COST_OF_TERMS, costOfLevels, costOfOwnPage } from '../common/cost';
import { Field, Mutation, Nullable, Query } from '../common/field';
import { rowsOf } from '../common/references';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { Item, ItemConnection } from '../item/types';
import { ChangesInput, PrefixInput, ReassignSemanticIdsInput, UndoReassignmentInput } from './inputs';
import type { PrefixRecord, ReassignArgs, ReassignmentRecord, SemanticIdRecord } from './records';
import {
  CollisionReport,
  ReassignmentPayload,
  ReassignSemanticIdsPayload,
  SemanticId,
  SemanticIdChange,
  SemanticIdPrefix,
  SemanticIdPrefixConnection,
  toReassignmentPayload,
  UndoReassignmentPayload,
} from './types';

export async function prefixOf(codes: readonly number[], { loaders }: Context): Promise<PrefixRecord> {
  return (await loaders.prefix(codes)) ?? { codes, itemCount: 0 };
}

@Resolver(() => SemanticId)
export class SemanticIdResolver {
  @Field(() => String, 'A form for people to read, such as `<a_12><b_24><c_52><d_0>`.')
  text(@Root() { codes }: SemanticIdRecord) {
    return codes.map((code, level) => `<${String.fromCharCode(97 + level)}_${code}>`).join('');
  }

  @Field(() => Int, 'The last code. It tells apart items whose other codes are equal.')
  collisionToken(@Root() { codes }: SemanticIdRecord) {
    return codes[codes.length - 1];
  }

  @Field(() => [SemanticIdPrefix], 'Its prefixes, one for each level, coarse to fine.', { complexity: costOfLevels })
  prefixes(@Root() { codes }: SemanticIdRecord, @Ctx() context: Context) {
    return codes.map((_, level) => prefixOf(codes.slice(0, level + 1), context));
  }

  @Authorized('ADMIN')
  @Mutation(() => ReassignSemanticIdsPayload, 'Gives items other semantic IDs: given ones, or new ones.')
  async reassignSemanticIds(
    @Arg('input') input: ReassignSemanticIdsInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const toAssign = input.assignments?.map(({ item }) => item) ?? [];
    const assigned = await rowsOf('Item', toAssign, context, (index) => ['assignments', index, 'item']);
    const named = await rowsOf('Item', input.items ?? [], context, (index) => ['items', index]);
    const known = [...entryErrors(input, 'assignments'), ...assigned.userErrors, ...named.userErrors];
    const args = { ...toReassignArgs(input, assigned.rows, named.rows), hasImpact: asksFor('impact', info) };
    return toReassignmentPayload(await context.catalogue.reassignSemanticIds(args, known, context.signal));
  }

  @Authorized('ADMIN')
  @Mutation(
    () => UndoReassignmentPayload,
    'Takes back a reassignment: its items get their former semantic IDs again. This is a reassignment too and can be ' +
      'undone. The call is refused with CONFLICT when one of the items or of their former semantic IDs has changed since.',
  )
  async undoReassignment(
    @Arg('input') input: UndoReassignmentInput,
    @Ctx() { catalogue }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { catalogueVersion, dryRun, ifCatalogueVersion } = input;
    return toReassignmentPayload(
      await catalogue.undoReassignment(catalogueVersion, dryRun, ifCatalogueVersion ?? null, asksFor('impact', info)),
    );
  }
}

function toReassignArgs(
  { items, ...input }: ReassignSemanticIdsInput,
  assigned: readonly number[],
  named: readonly number[],
): ReassignArgs {
  const assignments = input.assignments?.map(({ codes }, index) => ({ itemId: assigned[index], codes }));
  return { ...input, assignments, itemIds: items && named };
}

@Resolver(() => SemanticIdPrefix)
export class SemanticIdPrefixResolver {
  @Query(() => SemanticIdPrefix, 'The node of the trie with these codes; null: no semantic ID begins with them.')
  semanticIdPrefix(@Args() { codes }: PrefixInput, @Ctx() { catalogue }: Context) {
    return catalogue.prefix(codes);
  }

  @Field(() => Int, 'The number of codes; the root has 0.')
  depth(@Root() { codes }: PrefixRecord) {
    return codes.length;
  }

  @Field(
    () => [String],
    'Up to five categories, brands and words of titles that tell its items apart from the others under its parent, the best first; ' +
      'none for the root. A large prefix is named by a sample of its items.',
    { complexity: COST_OF_TERMS },
  )
  terms(@Root() { codes }: PrefixRecord, @Ctx() context: Context) {
    return termsOf(codes, context);
  }

  @Nullable(() => String, 'The first two of its `terms`; null: it has none.', { complexity: COST_OF_TERMS })
  async label(@Root() { codes }: PrefixRecord, @Ctx() context: Context) {
    return (await termsOf(codes, context)).slice(0, 2).join(', ') || null;
  }

  @Nullable(() => SemanticIdPrefix, 'The prefix that is one code shorter; null for the root.')
  parent(@Root() { codes }: PrefixRecord, @Ctx() context: Context) {
    return codes.length === 0 ? null : prefixOf(codes.slice(0, -1), context);
  }

  @Nullable(() => SemanticIdPrefixConnection, 'The prefixes that are one code longer.', { complexity: costOfOwnPage })
  children(
    @Root() { codes }: PrefixRecord,
    @Args(() => PageOf50) page: PageInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    return ownConnection(loaders, ['prefixChildren', codes], page, (args) => catalogue.prefixChildren(codes, args));
  }

  @Nullable(() => ItemConnection, 'The items under it, ordered by semantic ID.', { complexity: costOfOwnPage })
  items(
    @Root() { codes }: PrefixRecord,
    @Args(() => PageOf20) page: PageInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    return ownConnection(loaders, ['prefixItems', codes], page, (args) => catalogue.prefixItems(codes, args));
  }
}

function termsOf(codes: readonly number[], { catalogue, loaders }: Context): Promise<readonly string[]> {
  return loaders.inTurn(['terms', codes], () => catalogue.prefixTerms(codes));
}

@Resolver(() => SemanticIdChange)
export class SemanticIdChangeResolver {
  @Field(() => Item, 'The item.')
  item(@Root() change: { readonly itemId: number }, @Ctx() { loaders }: Context) {
    return loaders.item(change.itemId);
  }
}

@Resolver(() => ReassignmentPayload)
export class ReassignmentPayloadResolver {
  @Field(() => [SemanticIdChange], 'What changed or, in a dry run, would change.')
  changes(@Root() { changes }: ReassignmentRecord, @Args() { first }: ChangesInput) {
    return changes.slice(0, first ?? changes.length);
  }

  @Field(() => Int, 'The number of all changes.')
  changeCount(@Root() { changes }: ReassignmentRecord) {
    return changes.length;
  }
}

@Resolver(() => CollisionReport)
export class CollisionReportResolver {
  @Field(() => [SemanticIdPrefix], 'The prefixes with the most colliding items, the largest group first.')
  largestGroups(@Args() { first }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.largestCollisionGroups(first);
  }
}
