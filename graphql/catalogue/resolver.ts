import { Arg, Args, Ctx, Int, Resolver, Root, Subscription } from 'type-graphql';

import { isReader } from '../common/check-access';
import { FirstInput } from '../common/connection';
import { COST_OF_COUNT } from '../common/cost';
import { eventStream, knownAfter } from '../common/event-stream';
import { Field, Nullable, Query } from '../common/field';
import type { Context } from '../context';
import { CodebookLevel, CollisionReport, ReassignmentProgress } from '../semantic-id/types';
import type { CatalogueChangeRecord } from './records';
import { Catalogue, CatalogueChange } from './types';

@Resolver(() => Catalogue)
export class CatalogueResolver {
  @Query(() => Catalogue, 'The catalogue as a whole.')
  catalogue() {
    return {}; // each field reads its own figure, so that none is counted that nobody asks for
  }

  @Field(() => Int, 'The catalogue version; each change adds one.')
  version(@Ctx() { catalogue }: Context) {
    return catalogue.version();
  }

  @Field(() => Int, 'The number of items that can be recommended.', { complexity: COST_OF_COUNT })
  itemCount(@Ctx() { catalogue }: Context) {
    return catalogue.liveItemCount();
  }

  @Field(() => Int, 'The number of these items that have a semantic ID.')
  tokenizedItemCount(@Ctx() { catalogue }: Context) {
    return catalogue.tokenizedItemCount();
  }

  @Nullable(() => Int, 'How many users there are; null for callers without a key.', { complexity: COST_OF_COUNT })
  userCount(@Ctx() context: Context) {
    return isReader(context) ? context.catalogue.userCount() : null;
  }

  @Nullable(() => Int, 'How many interactions there are; null without a key.', { complexity: COST_OF_COUNT })
  interactionCount(@Ctx() context: Context) {
    return isReader(context) ? context.catalogue.interactionCount() : null;
  }

  @Field(() => [CodebookLevel], 'The codebooks of the active version, coarse to fine.', { complexity: 20 })
  levels(@Ctx() { catalogue }: Context) {
    return catalogue.levels();
  }

  @Field(() => CollisionReport, 'Figures about items that share all codebook codes.')
  collisions(@Ctx() { catalogue }: Context) {
    return catalogue.collisions();
  }

  @Nullable(() => ReassignmentProgress, 'How far the answering server is with a reassignment; null: none.')
  reassignment(@Ctx() { catalogue }: Context) {
    return catalogue.reassignment();
  }

  @Field(() => [CatalogueChange], 'The last changes, newest first.')
  recentChanges(@Args() { first }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.recentChanges(first);
  }

  @Field(() => [String], 'The categories of live items, the most frequent first.', { complexity: 20 })
  topCategories(@Args() { first }: FirstInput, @Ctx() { catalogue }: Context) {
    return catalogue.frequentCategories(first);
  }

  @Subscription(() => CatalogueChange, {
    description:
      'Each change of the catalogue, whichever server makes it, once and in order, also to a client that reads slowly.',
    subscribe: async ({ args, context }: { args: { after?: number | null }; context: Context }) =>
      eventStream({
        after: await knownAfter(args.after, () => context.catalogue.version()),
        missed: (version) => context.catalogue.changesAfter(version),
        live: context.hub.subscribe('CATALOGUE_CHANGES'),
        numberOf: ({ version }) => version,
      }),
  })
  catalogueChanges(
    @Root() change: CatalogueChangeRecord,
    @Arg('after', () => Int, {
      nullable: true,
      description:
        'The last version that the client has seen: it first gets the changes after it. A number that no version has yet is ignored.',
    })
    _after: number | null,
  ) {
    return change;
  }
}
