/** Makes the list that a field gives. Where an experiment is running on its placement, an arm makes it. */
import { Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';

import { isReader, needsOwnUser, needsSomeUser, visibleItem } from '../common/check-access';
import { costOfBecause, costOfLevels, costOfRecommendations, costOfTrending } from '../common/cost';
import { badInput } from '../common/errors';
import { Field, Nullable, Query } from '../common/field';
import { visitorExternalId } from '../common/references';
import type { Context } from '../context';
import type { ListRecord } from '../feedback/records';
import { Item } from '../item/types';
import { ModelVersion } from '../model-version/types';
import { prefixOf } from '../semantic-id/resolver';
import { SemanticIdPrefix } from '../semantic-id/types';
import {
  BecauseInput,
  type RecommendationInput,
  ReplayInput,
  type SubjectInput,
  toReplayArgs,
  toTrendingArgs,
  TrendingInput,
} from './inputs';
import type {
  BecauseRecord,
  ListSubject,
  RecommendationArgs,
  RecommendationList as RecommendationListRecord,
  RecommendationRecord,
  SteeredByRecord,
} from './records';
import {
  Because,
  CodeStep,
  type RankedRecommendation,
  Recommendation,
  RecommendationList,
  type RecommendationPage,
  SteeredBy,
  toRecommendationPage,
} from './types';

export async function listFor(
  subject: ListSubject,
  input: RecommendationInput & Pick<ReplayInput, 'asOf'>,
  context: Context,
): Promise<RecommendationPage> {
  const { recommender, signal } = context;
  const placement = input.asOf == null ? input.placement : null; // nobody is shown a list of the past
  const args = await withArm(await toReplayArgs(input, context), subject, placement, context);
  const list = await recommender.recommend(subject, args, signal);
  return toRecommendationPage(list, {
    ...{ placement, user: userOfList(subject), armId: armOf(args, list) },
    replayed: args.former && { time: args.former.time },
    because: (itemIds) => recommender.because(subject, args, itemIds, signal),
  });
}

/** @returns The arguments with the user's arm of the experiment that is running on the placement. */
export async function withArm<Args extends RecommendationArgs>(
  args: Args,
  subject: ListSubject,
  placement: string | null | undefined,
  { experiments }: Pick<Context, 'experiments'>,
): Promise<Args> {
  // A request that names a version itself is no part of an experiment.
  if (placement == null || args.modelVersionId != null) return args;
  const arm = await experiments.armFor(placement, userOfList(subject));
  return arm === null ? args : { ...args, arm };
}

function userOfList({ userId, newUser }: ListSubject): ListRecord['user'] {
  return userId ?? newUser ?? null;
}

/** Where the version of an arm cannot be loaded, the active one makes the list, which says nothing of the arm. */
function armOf({ arm }: RecommendationArgs, { modelVersionId }: RecommendationListRecord): number | null {
  if (arm == null) return null;
  const isByArm = arm.modelVersionId === null || modelVersionId === null || modelVersionId === arm.modelVersionId;
  return isByArm ? arm.armId : null;
}

/** @throws {GraphQLError} When the caller may not see the user, or names a visitor too. */
export async function subjectOf(
  { user, visitor, history, item }: Pick<SubjectInput, 'user' | 'visitor' | 'history' | 'item'>,
  context: Context,
  fieldName = 'recommendations',
): Promise<ListSubject> {
  if (user != null && visitor != null) {
    const message = 'visitor: expected a user or a visitor, got both; leave one of them out';
    throw badInput({ path: ['visitor'], message });
  }
  const externalId = visitor == null ? user : visitorExternalId(visitor);
  return { ...(externalId != null && (await userOf(externalId, context, fieldName))), history, item };
}

async function userOf(
  externalId: string,
  context: Context,
  fieldName: string,
): Promise<Pick<ListSubject, 'userId' | 'newUser'>> {
  needsSomeUser(context, fieldName);
  needsOwnUser(context, fieldName, [externalId]);
  const user = await context.catalogue.user(externalId);
  return user === null ? { newUser: externalId } : { userId: user.id };
}

@Resolver(() => Recommendation)
export class RecommendationResolver {
  @Query(
    () => RecommendationList,
    'What the model expects after the stored history of `user` or `visitor`, then `history`, then `item`, as far as they are given. ' +
      'Where that leaves nothing to go by, such as for an unknown user, the list has trending items. It is empty only where no item qualifies.',
    { complexity: costOfRecommendations },
  )
  async recommendations(@Args() input: ReplayInput, @Ctx() context: Context) {
    return listFor(await subjectOf(input, context), input, context);
  }

  @Query(
    () => RecommendationList,
    'Items that most users took in a time; a user counts once an item and day. Popular items follow where too few are trending. It is up to a minute behind. ' +
      'It knows no user: `recommendations(user)` leaves out what was dismissed, also where trending items fill the list.',
    { complexity: costOfTrending },
  )
  async trending(@Args() input: TrendingInput, @Ctx() { recommender, signal }: Context) {
    return toRecommendationPage(await recommender.recommend({}, toTrendingArgs(input), signal), input);
  }

  @Field(() => Item, 'What is recommended.')
  item(@Root() recommendation: RecommendationRecord, @Ctx() { loaders }: Context) {
    return loaders.item(recommendation.itemId);
  }

  @FieldResolver()
  rules(@Root() { rules }: RecommendationRecord, @Ctx() context: Context) {
    return isReader(context) ? (rules ?? []) : null;
  }

  @Field(
    () => [CodeStep],
    'What the decoder wrote, one step per level; empty when its beam has not come to the item, or the list is that of a ' +
      'version whose codes name other prefixes than those of the catalogue.',
    { complexity: costOfLevels },
  )
  explanation(@Root() { codes, logProbabilities }: RecommendationRecord): (CodeStep & { codes: readonly number[] })[] {
    return codes.map((code, level) => ({
      level,
      code,
      logProbability: logProbabilities[level],
      codes: codes.slice(0, level + 1),
    }));
  }

  @Nullable(
    () => [Because],
    'The items of the history without which this one would be less likely, those that count most first: each of the newest 20 is left ' +
      'out once. Empty for items that no model recommends. It takes as long as up to 20 more lists, for all items of a list together.',
    { complexity: costOfBecause },
  )
  async because(
    @Root() { because, itemId }: RankedRecommendation,
    @Args() { first }: BecauseInput,
    @Ctx() context: Context,
  ) {
    const causes = (await because?.())?.get(itemId) ?? [];
    const items = await Promise.all(causes.map((cause) => context.loaders.item(cause.itemId)));
    const visible = causes.filter((_, i) => visibleItem(items[i], context) !== null);
    return visible.slice(0, first);
  }
}

@Resolver(() => Because)
export class BecauseResolver {
  @Field(() => Item, 'The item of the history.')
  item(@Root() { itemId }: BecauseRecord, @Ctx() { loaders }: Context) {
    return loaders.item(itemId);
  }
}

@Resolver(() => SteeredBy)
export class SteeredByResolver {
  @Nullable(() => SemanticIdPrefix, 'The prefix; null: the items nearest to `text` are under none together.')
  prefix(@Root() { codes }: SteeredByRecord, @Ctx() context: Context) {
    return codes && prefixOf(codes, context);
  }
}

@Resolver(() => RecommendationList)
export class RecommendationListResolver {
  @Nullable(() => ModelVersion, 'The one version that made the whole list; null when no model made it.')
  modelVersion(@Root() { modelVersionId }: RecommendationPage, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }

  @Nullable(() => ID, 'Names the list in recordFeedback, for 30 days; null: the request names no placement.')
  listId(@Root() { shown }: RecommendationPage, @Ctx() { feedback }: Context) {
    return shown === null ? null : feedback.listId(shown);
  }
}

@Resolver(() => CodeStep)
export class CodeStepResolver {
  @Field(() => SemanticIdPrefix, 'Where in the trie this step leads.')
  prefix(@Root() step: { readonly codes: readonly number[] }, @Ctx() context: Context) {
    return prefixOf(step.codes, context);
  }
}
