import { Arg, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';

import type { Caller } from '../api-key/records';
import { needsOwnUser } from '../common/check-access';
import { rowOf, toGlobalId } from '../common/global-id';
import { externalIdsOf } from '../common/references';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { Item } from '../item/types';
import { User } from '../user/types';
import { DeleteInteractionsInput, RecordInteractionsInput } from './inputs';
import { DeleteInteractionsPayload, RecordInteractionsPayload } from './payloads';
import type { InteractionRecord, NewInteractionArgs } from './records';
import { Interaction, InteractionKindRule } from './types';

@Resolver(() => Interaction)
export class InteractionResolver {
  @FieldResolver()
  id(@Root() { id }: InteractionRecord) {
    return toGlobalId('Interaction', id);
  }

  @FieldResolver(() => Item, { description: 'The item.' })
  item(@Root() interaction: InteractionRecord, @Ctx() { loaders }: Context) {
    return loaders.item(interaction.itemId);
  }

  @FieldResolver(() => User, { description: 'Who.' })
  user(@Root() interaction: InteractionRecord, @Ctx() { loaders }: Context) {
    return loaders.user(interaction.userId);
  }

  @Query(() => [InteractionKindRule], { description: 'What each kind of interaction does.' })
  interactionKinds(@Ctx() { recommender }: Context) {
    return recommender.kinds();
  }

  @Authorized('WRITER', 'STOREFRONT')
  @Mutation(() => RecordInteractionsPayload, {
    nullable: true,
    description:
      'Records what users did. Their next recommendations take it into account. A storefront token records for its own user alone.',
  })
  async recordInteractions(
    @Arg('input', () => RecordInteractionsInput) input: RecordInteractionsInput,
    @Ctx() context: Context,
  ) {
    const { interactions, atomic } = input;
    const pathOf = (name: string) => (index: number) => ['interactions', index, name];
    const userRefs = interactions.map(({ user }) => user);
    const users = await externalIdsOf('User', userRefs, context, pathOf('user'));
    needsOwnUser(context, 'recordInteractions', users.externalIds);
    const itemRefs = interactions.map(({ item }) => item);
    const items = await externalIdsOf('Item', itemRefs, context, pathOf('item'));
    const known = [...entryErrors(input, 'interactions'), ...users.userErrors, ...items.userErrors];
    const events = interactions.map(({ eventId, kind, rating, occurredAt }, index) => ({
      ...{ eventId, kind: kind ?? 'PURCHASE', rating, occurredAt },
      userExternalId: users.externalIds[index],
      itemExternalId: items.externalIds[index],
    }));
    const payload = await context.catalogue.recordInteractions(
      ownEvents(events, context.caller),
      atomic ?? true,
      known,
    );
    context.loaders.clearAll();
    return payload;
  }

  @Authorized('ADMIN')
  @Mutation(() => DeleteInteractionsPayload, {
    nullable: true,
    description:
      'Deletes interactions for good, such as those of a test. It can be repeated: IDs that no interaction has are no mistake. ' +
      'A model keeps what it has learned of them until the next training.',
  })
  async deleteInteractions(
    @Arg('input', () => DeleteInteractionsInput) { interactions }: DeleteInteractionsInput,
    @Ctx() { catalogue, loaders }: Context,
  ) {
    const references = interactions.map(({ id, eventId }) => ({ id: id && rowOf('Interaction', id), eventId }));
    const payload = await catalogue.deleteInteractions(
      references.map(({ id, eventId }) => ({ id: id || null, eventId })),
    );
    loaders.clearAll();
    return payload;
  }
}

/**
 * The events of a storefront token get event IDs of their own: one user must not take the IDs of another user's events,
 * which would then not be recorded.
 */
function ownEvents(events: readonly NewInteractionArgs[], { userExternalId }: Caller): readonly NewInteractionArgs[] {
  if (userExternalId === null) return events;
  const prefix = `user/${encodeURIComponent(userExternalId)}/`;
  return events.map((event) => (event.eventId ? { ...event, eventId: prefix + event.eventId } : event));
}
