import { Args, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';

import { costOfRank, costOfWhyNot } from '../common/cost';
import type { Context } from '../context';
import { Item } from '../item/types';
import { toRecommendationArgs } from '../recommendation/inputs';
import { subjectOf } from '../recommendation/resolver';
import { prefixOf } from '../semantic-id/resolver';
import { SemanticIdPrefix } from '../semantic-id/types';
import { WhyNotInput } from './inputs';
import type { BeamDropRecord, WhyNotRecord } from './records';
import { BeamDrop, WhyNot } from './types';

@Resolver(() => WhyNot)
export class WhyNotResolver {
  @Authorized('READER')
  @Query(() => WhyNot, {
    nullable: true,
    description:
      'Why the list of `recommendations` with these arguments does not have `item`, and what would have changed it; null when there is no ' +
      'such item. Needs a key of role READER.',
    complexity: costOfWhyNot,
  })
  async whyNot(@Args(() => WhyNotInput) { item, ...input }: WhyNotInput, @Ctx() context: Context) {
    const subject = await subjectOf(input, context, 'whyNot');
    return context.explanations.whyNot(subject, toRecommendationArgs(input, context), item, context.signal);
  }

  @FieldResolver(() => Item, { description: 'The item that was asked about.' })
  item(@Root() { itemId }: WhyNotRecord, @Ctx() { loaders }: Context) {
    return loaders.item(itemId);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Its place among all items of the catalogue, with nothing left out; null: it is not among the first 5,000, or the model does not know ' +
      'it. This ranks the whole catalogue, which takes as long as a hundred lists.',
    complexity: costOfRank,
  })
  rank(@Root() whyNot: WhyNotRecord) {
    return whyNot.rank();
  }

  @FieldResolver(() => Item, {
    nullable: true,
    description: 'The item of its group that stands for it, or that the list leaves out; null: it has no such group.',
  })
  groupItem(@Root() { groupItemId }: WhyNotRecord, @Ctx() { loaders }: Context) {
    return groupItemId === null ? null : loaders.item(groupItemId);
  }
}

@Resolver(() => BeamDrop)
export class BeamDropResolver {
  @FieldResolver(() => SemanticIdPrefix, {
    nullable: true,
    description: 'The prefix; null for a version whose codes name other prefixes than those of the catalogue.',
  })
  prefix(@Root() { codes }: BeamDropRecord, @Ctx() context: Context) {
    return codes.length === 0 ? null : prefixOf(codes, context);
  }
}
