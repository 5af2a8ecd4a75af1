import { GraphQLJSON } from 'graphql-scalars';
import { Arg, Args, Authorized, Ctx, Int, Resolver, Root } from 'type-graphql';

import { maySeeUser, needsSomeUser } from '../common/check-access';
import { FirstInput, ownConnection, type PageInput, PageOf20, toConnection } from '../common/connection';
import { COST_OF_EXPORT, costOfOwnPage, costOfRecommendations } from '../common/cost';
import { Field, Mutation, Nullable, Query } from '../common/field';
import type { Page } from '../common/records';
import { externalIdsOf, visitorExternalId } from '../common/references';
import { ExternalIdInput } from '../common/types';
import type { Catalogue, Context } from '../context';
import { InteractionConnection } from '../interaction/types';
import { Item, ItemConnection } from '../item/types';
import { RecommendationInput } from '../recommendation/inputs';
import { listFor } from '../recommendation/resolver';
import { RecommendationList } from '../recommendation/types';
import { EraseUsersInput, ExportUserInput, IdentifyInput, UsersInput } from './inputs';
import type { UserRecord } from './records';
import { EraseUsersPayload, IdentifyPayload, User, UserConnection } from './types';

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, 'The user with this external ID; null: there is none, or the token is of another user.')
  user(@Args() { externalId }: ExternalIdInput, @Ctx() context: Context) {
    needsSomeUser(context, 'user');
    return maySeeUser(context, { externalId }) ? context.catalogue.user(externalId) : null;
  }

  @Authorized('READER')
  @Query(() => UserConnection, 'Users, oldest first; with `externalIds` those users, in its order, on one page.')
  async users(@Args() input: UsersInput, @Ctx() { catalogue, loaders }: Context) {
    if (input.externalIds != null) return toConnection(await usersNamed(input.externalIds, catalogue));
    const contains = input.externalIdContains ?? null;
    return ownConnection(loaders, ['users', contains], input, (page) => catalogue.users(page, contains));
  }

  @Authorized('ADMIN')
  @Query(
    () => GraphQLJSON,
    'All that is kept of a user, oldest first: interactions, lists, feedback, dismissals, what counts in experiments, visitors that became the user, and what ' +
      "the user's tokens changed; null when there is no such user. The audit log's entries of other callers may name the user too.",
    { complexity: COST_OF_EXPORT },
  )
  async exportUser(@Args() { user }: ExportUserInput, @Ctx() context: Context) {
    const { externalIds } = await externalIdsOf('User', [user], context, () => ['user']);
    return context.loaders.inTurn(['exportUser', externalIds[0]], () => context.catalogue.exportUser(externalIds[0]));
  }

  @Authorized('USER')
  @Field(() => Int, 'Interactions recorded with all items.')
  interactionCount(@Root() user: UserRecord, @Ctx() { loaders }: Context) {
    return loaders.interactionCount(user.id);
  }

  @Authorized('USER')
  @Nullable(() => InteractionConnection, 'The interactions of the user, newest first.')
  async history(@Root() user: UserRecord, @Args(() => PageOf20) page: PageInput, @Ctx() { loaders }: Context) {
    return toConnection(await loaders.history(user.id, page.toPage()));
  }

  @Authorized('USER')
  @Nullable(() => RecommendationList, 'What the user may want next, best first.', { complexity: costOfRecommendations })
  recommendations(@Root() user: UserRecord, @Args() input: RecommendationInput, @Ctx() context: Context) {
    return listFor({ userId: user.id }, input, context);
  }

  @Authorized('USER')
  @Nullable(() => [Item], 'The items among the last 500 views, newest first, each once.', { complexity: costOfOwnPage })
  recentlyViewed(@Root() { id }: UserRecord, @Args() { first }: FirstInput, @Ctx() { catalogue, loaders }: Context) {
    return loaders.inTurn(['recentlyViewed', id, first], () => catalogue.recentlyViewed(id, first));
  }

  @Authorized('USER')
  @Nullable(() => ItemConnection, 'What the user dismissed, newest first.', { complexity: costOfOwnPage })
  dismissedItems(@Root() { id }: UserRecord, @Args(() => PageOf20) page: PageInput, @Ctx() context: Context) {
    return ownConnection(context.loaders, ['dismissed', id], page, (args) => context.feedback.dismissedItems(id, args));
  }

  @Authorized('WRITER')
  @Mutation(
    () => IdentifyPayload,
    'Gives a user all that a visitor did, viewed and was shown: call it from your server when somebody logs in. It can be repeated. ' +
      'What the visitor does afterwards is the visitor’s again.',
  )
  async identify(@Arg('input') { visitor, user }: IdentifyInput, @Ctx() context: Context) {
    const { externalIds, userErrors } = await externalIdsOf('User', [user], context, () => ['user']);
    if (userErrors.length > 0) return { user: null, joinedInteractions: 0, userErrors };
    return context.catalogue.identify(visitorExternalId(visitor), externalIds[0]);
  }

  @Authorized('ADMIN')
  @Mutation(
    () => EraseUsersPayload,
    'Deletes users with all their interactions, and the visitors who they were, for good, and takes their names from the audit log. ' +
      'It can be repeated. What is recorded of such a user later makes a new one.',
  )
  async eraseUsers(@Arg('input') { users }: EraseUsersInput, @Ctx() context: Context) {
    const named = await externalIdsOf('User', users, context, (index) => ['users', index]);
    // A global ID that no user has is named as it was given: no external ID belongs to it.
    const externalIds = named.externalIds.map((externalId, index) => externalId || users[index].id!);
    const payload = await context.catalogue.eraseUsers(externalIds);
    await context.audit.forgetUsers([...externalIds, ...payload.erasedExternalIds]); // also where no user is left: a call that was cut off is repeated
    return payload;
  }
}

/** @returns Those that exist, in the order of the ids, each once. */
async function usersNamed(externalIds: readonly string[], catalogue: Catalogue): Promise<Page<UserRecord>> {
  const users = new Map((await catalogue.namedRows('User', { externalIds })).map((user) => [user.externalId, user]));
  const found = [...new Set(externalIds)].flatMap((externalId) => users.get(externalId) ?? []);
  return { edges: found.map((node) => ({ node, cursor: node.externalId })), hasNextPage: false };
}
