import { Arg, Args, Authorized, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';

import { maySeeUser, needsSomeUser } from '../common/check-access';
import { ownConnection, type PageInput, PageOf20, toConnection } from '../common/connection';
import { costOfOwnPage, costOfRecommendations } from '../common/cost';
import { toGlobalId } from '../common/global-id';
import { externalIdsOf } from '../common/references';
import type { Context } from '../context';
import { InteractionConnection } from '../interaction/types';
import { ItemConnection } from '../item/types';
import { RecommendationInput, toRecommendationArgs } from '../recommendation/inputs';
import { RecommendationConnection, toRecommendationPage } from '../recommendation/types';
import { EraseUsersInput, UsersInput } from './inputs';
import { EraseUsersPayload } from './payloads';
import type { UserRecord } from './records';
import { User, UserConnection } from './types';

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, {
    nullable: true,
    description:
      'The user with this external ID; null when there is none, or the storefront token is for another user.',
  })
  user(
    @Arg('externalId', () => String, { description: 'The ID that the shop itself uses.' }) externalId: string,
    @Ctx() context: Context,
  ) {
    needsSomeUser(context, 'user');
    return maySeeUser(context, { externalId }) ? context.catalogue.user(externalId) : null;
  }

  @Authorized('READER')
  @Query(() => UserConnection, { nullable: true, description: 'Users, oldest first.' })
  users(@Args(() => UsersInput) input: UsersInput, @Ctx() { catalogue, loaders }: Context) {
    const contains = input.externalIdContains ?? null;
    return ownConnection(loaders, ['users', contains], input, (page) => catalogue.users(page, contains));
  }

  @Authorized('USER')
  @FieldResolver()
  id(@Root() user: UserRecord) {
    return toGlobalId('User', user.id);
  }

  @Authorized('USER')
  @FieldResolver(() => Int, { description: 'Interactions recorded with all items.' })
  interactionCount(@Root() user: UserRecord, @Ctx() { loaders }: Context) {
    return loaders.interactionCount(user.id);
  }

  @Authorized('USER')
  @FieldResolver(() => InteractionConnection, {
    nullable: true,
    description: 'The interactions of the user, newest first.',
  })
  async history(@Root() user: UserRecord, @Args(() => PageOf20) page: PageInput, @Ctx() { loaders }: Context) {
    return toConnection(await loaders.history(user.id, page.toPage()));
  }

  @Authorized('USER')
  @FieldResolver(() => RecommendationConnection, {
    nullable: true,
    description: 'The items that the user is likely to want next, best first.',
    complexity: costOfRecommendations,
  })
  async recommendations(
    @Root() user: UserRecord,
    @Args(() => RecommendationInput) input: RecommendationInput,
    @Ctx() context: Context,
  ) {
    const { recommender, signal } = context;
    const list = await recommender.recommendForUser(user.id, toRecommendationArgs(input, context), signal);
    return toRecommendationPage(list, { placement: input.placement, userId: user.id });
  }

  @Authorized('USER')
  @FieldResolver(() => ItemConnection, {
    nullable: true,
    description: 'What the user does not want to see again, the newest dismissal first.',
    complexity: costOfOwnPage,
  })
  dismissedItems(@Root() { id }: UserRecord, @Args(() => PageOf20) page: PageInput, @Ctx() context: Context) {
    return ownConnection(context.loaders, ['dismissed', id], page, (args) => context.feedback.dismissedItems(id, args));
  }

  @Authorized('ADMIN')
  @Mutation(() => EraseUsersPayload, {
    nullable: true,
    description:
      'Deletes users with all their interactions, for good, and takes their names from the audit log. ' +
      'It can be repeated. What is recorded of such a user later makes a new one.',
  })
  async eraseUsers(@Arg('input', () => EraseUsersInput) { users }: EraseUsersInput, @Ctx() context: Context) {
    const named = await externalIdsOf('User', users, context, (index) => ['users', index]);
    // A global ID that no user has is named as it was given: no external ID belongs to it.
    const externalIds = named.externalIds.map((externalId, index) => externalId || users[index].id!);
    const payload = await context.catalogue.eraseUsers(externalIds);
    await context.audit.forgetUsers(externalIds); // also where no user is left: a call that was cut off is repeated
    context.loaders.clearAll();
    return payload;
  }
}
