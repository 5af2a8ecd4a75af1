import { Args, Authorized, Ctx, Int, Resolver, Root } from 'type-graphql';

import { costOfComparison, costOfRank, costOfWhyNot } from '../common/cost';
import { Field, Nullable, Query } from '../common/field';
import type { Context } from '../context';
import { Item } from '../item/types';
import { ModelVersion } from '../model-version/types';
import { toRecommendationArgs } from '../recommendation/inputs';
import { subjectOf, withArm } from '../recommendation/resolver';
import { prefixOf } from '../semantic-id/resolver';
import { SemanticIdPrefix } from '../semantic-id/types';
import { User } from '../user/types';
import { CompareVersionsInput, toCompareArgs, WhyNotInput } from './inputs';
import type { BeamDropRecord, CoverageRecord, VersionComparisonRecord, WhyNotRecord } from './records';
import { BeamDrop, VersionComparison, VersionCoverage, WhyNot } from './types';

@Resolver(() => WhyNot)
export class WhyNotResolver {
  @Authorized('READER')
  @Query(
    () => WhyNot,
    'Why the list of `recommendations` with these arguments does not have `item`, and what would have changed it; null when there is no ' +
      'such item. Needs a key of role READER.',
    { complexity: costOfWhyNot },
  )
  async whyNot(@Args() { item, ...input }: WhyNotInput, @Ctx() context: Context) {
    const subject = await subjectOf(input, context, 'whyNot');
    const args = await withArm(toRecommendationArgs(input, context), subject, input.placement, context);
    return context.explanations.whyNot(subject, args, item, context.signal);
  }

  @Field(() => Item, 'The item that was asked about.')
  item(@Root() { itemId }: WhyNotRecord, @Ctx() { loaders }: Context) {
    return loaders.item(itemId);
  }

  @Nullable(
    () => Int,
    'Its place among all items of the catalogue, with nothing left out; null: it is not among the first 5,000, or the model does not know ' +
      'it. This ranks the whole catalogue, which takes as long as a hundred lists.',
    { complexity: costOfRank },
  )
  rank(@Root() whyNot: WhyNotRecord) {
    return whyNot.rank();
  }

  @Nullable(() => Item, 'The item of its group that stands for it, or that the list leaves out; null: none.')
  groupItem(@Root() { groupItemId }: WhyNotRecord, @Ctx() { loaders }: Context) {
    return groupItemId === null ? null : loaders.item(groupItemId);
  }
}

@Resolver(() => VersionComparison)
export class VersionComparisonResolver {
  @Authorized('ADMIN')
  @Query(
    () => VersionComparison,
    'The lists that the active version and another one make for the same users, drawn by a seed: what would change if it were activated. ' +
      'Needs a key of role ADMIN. The other version is loaded first, which takes seconds.',
    { complexity: costOfComparison },
  )
  compareVersions(@Args() input: CompareVersionsInput, @Ctx() context: Context) {
    return context.explanations.compareVersions(toCompareArgs(input, context), context.signal);
  }

  @Field(() => [User], 'The users whose lists have the least in common, at most 5.')
  mostChanged(@Root() { mostChanged }: VersionComparisonRecord, @Ctx() { loaders }: Context) {
    return mostChanged.map((userId) => loaders.user(userId));
  }
}

@Resolver(() => VersionCoverage)
export class VersionCoverageResolver {
  @Nullable(() => ModelVersion, 'The version; null: no model made a list.')
  modelVersion(@Root() { modelVersionId }: CoverageRecord, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }
}

@Resolver(() => BeamDrop)
export class BeamDropResolver {
  @Nullable(() => SemanticIdPrefix, 'The prefix; null for a version with codes of its own tokenizer.')
  prefix(@Root() { codes }: BeamDropRecord, @Ctx() context: Context) {
    return codes.length === 0 ? null : prefixOf(codes, context);
  }
}
