import { Arg, Authorized, Ctx, Resolver, Root } from 'type-graphql';

import { needsOwnUser } from '../common/check-access';
import { Field, Mutation, Nullable } from '../common/field';
import { externalIdsOf } from '../common/references';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { ModelVersion } from '../model-version/types';
import { RecordFeedbackInput, UndoDismissalsInput } from './inputs';
import type { PlacementFiguresRecord } from './records';
import { PlacementFigures, RecordFeedbackPayload, UndoDismissalsPayload } from './types';

@Resolver()
export class FeedbackResolver {
  @Authorized('WRITER', 'STOREFRONT')
  @Mutation(
    () => RecordFeedbackPayload,
    "Records what became of lists. A dismissed item is in none of the user's later lists. What the user purchased is no part of the history: " +
      'recordInteractions records that. A storefront token reports on the lists of its own user, and on those of no user.',
  )
  async recordFeedback(@Arg('input') input: RecordFeedbackInput, @Ctx() context: Context) {
    const references = input.feedback.map(({ item }) => item);
    const items = await externalIdsOf('Item', references, context, (index) => ['feedback', index, 'item']);
    const known = [...entryErrors(input, 'feedback'), ...items.userErrors];
    const feedback = input.feedback.map(({ item: _, ...entry }, index) => ({
      ...entry,
      itemExternalId: items.externalIds[index],
    }));
    const { userExternalId } = context.caller;
    return context.feedback.record(feedback, { atomic: input.atomic, known, user: userExternalId });
  }

  @Authorized('WRITER', 'STOREFRONT')
  @Mutation(() => UndoDismissalsPayload, 'Lets dismissed items be recommended again. A token does it for its own user.')
  async undoDismissals(@Arg('input') { user, items }: UndoDismissalsInput, @Ctx() context: Context) {
    const users = await externalIdsOf('User', [user], context, () => ['user']);
    needsOwnUser(context, 'undoDismissals', users.externalIds);
    // An item that there is not was not dismissed, and that is no mistake.
    const { externalIds } = await externalIdsOf('Item', items, context, (index) => ['items', index]);
    return context.feedback.undoDismissals(users.externalIds[0], externalIds);
  }
}

@Resolver(() => PlacementFigures)
export class PlacementFiguresResolver {
  @Nullable(() => ModelVersion, 'The version that made the lists; null: it was removed, or `isPopularity`.')
  modelVersion(@Root() { modelVersionId }: PlacementFiguresRecord, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }

  @Field(() => Boolean, 'Whether these are lists of popular items alone.')
  isPopularity(@Root() { modelVersionId }: PlacementFiguresRecord) {
    return modelVersionId === null;
  }
}
