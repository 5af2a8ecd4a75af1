import { Arg, Authorized, Ctx, Resolver, Root } from 'type-graphql';

import { needsOwnUser } from '../common/check-access';
import { userError } from '../common/errors';
import { Field, Mutation, Query } from '../common/field';
import { rowOf } from '../common/global-id';
import type { UserErrorRecord } from '../common/records';
import { externalIdsOf } from '../common/references';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { Item } from '../item/types';
import { User } from '../user/types';
import { DeleteInteractionsInput, type NewInteraction, RecordInteractionsInput } from './inputs';
import type { InteractionRecord } from './records';
import { DeleteInteractionsPayload, Interaction, InteractionKindRule, RecordInteractionsPayload } from './types';

@Resolver(() => Interaction)
export class InteractionResolver {
  @Field(() => Item, 'The item.')
  item(@Root() interaction: InteractionRecord, @Ctx() { loaders }: Context) {
    return loaders.item(interaction.itemId);
  }

  @Field(() => User, 'Who.')
  user(@Root() interaction: InteractionRecord, @Ctx() { loaders }: Context) {
    return loaders.user(interaction.userId);
  }

  @Query(() => [InteractionKindRule], 'What each kind of interaction does.', { nullable: false })
  interactionKinds(@Ctx() { recommender }: Context) {
    return recommender.kinds();
  }

  @Authorized('WRITER', 'STOREFRONT')
  @Mutation(
    () => RecordInteractionsPayload,
    'Records what users did. A storefront token records for its own user alone.',
  )
  async recordInteractions(@Arg('input') input: RecordInteractionsInput, @Ctx() context: Context) {
    const { interactions, atomic } = input;
    const pathOf = (name: string) => (index: number) => ['interactions', index, name];
    const userRefs = interactions.map(({ user }) => user);
    const users = await externalIdsOf('User', userRefs, context, pathOf('user'));
    needsOwnUser(context, 'recordInteractions', users.externalIds);
    const itemRefs = interactions.map(({ item }) => item);
    const items = await externalIdsOf('Item', itemRefs, context, pathOf('item'));
    const known = [...entryErrors(input, 'interactions'), ...users.userErrors, ...items.userErrors];
    const isOwnEventId = context.caller.userExternalId !== null;
    if (isOwnEventId) known.push(...lateErrors(interactions));
    const events = interactions.map(({ eventId, kind, rating, occurredAt }, index) => ({
      ...{ eventId, isOwnEventId, kind, rating, occurredAt },
      userExternalId: users.externalIds[index],
      itemExternalId: items.externalIds[index],
    }));
    return context.catalogue.recordInteractions(events, atomic, known);
  }

  @Authorized('ADMIN')
  @Mutation(
    () => DeleteInteractionsPayload,
    'Deletes interactions for good, such as those of a test. It can be repeated: IDs that no interaction has are no mistake. ' +
      'A model keeps what it has learned of them until the next training.',
  )
  async deleteInteractions(@Arg('input') { interactions }: DeleteInteractionsInput, @Ctx() { catalogue }: Context) {
    const references = interactions.map(({ id, eventId }) => ({
      id: (id && rowOf('Interaction', id)) || null,
      eventId,
    }));
    return catalogue.deleteInteractions(references);
  }
}

/** A browser may have been without a network for a while. Each day counts once in what is popular, so a caller gets few of them. */
const MAX_LATE_DAYS = 2;

/** @returns The errors of events that a storefront token sends too late. */
function lateErrors(interactions: readonly NewInteraction[]): UserErrorRecord[] {
  const earliest = new Date(Date.now() - MAX_LATE_DAYS * 24 * 60 * 60 * 1000);
  return interactions.flatMap(({ occurredAt }, index) => {
    if (occurredAt == null || occurredAt >= earliest) return [];
    const message = `occurredAt: expected one of the last ${MAX_LATE_DAYS} days, got ${occurredAt.toISOString()}; a key of role WRITER may send older events`;
    return [userError('OUT_OF_RANGE', message, 'interactions', index, 'occurredAt')];
  });
}
