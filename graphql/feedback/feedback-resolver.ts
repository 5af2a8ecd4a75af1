import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';

import { needsOwnUser } from '../common/check-access';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { RecordFeedbackInput } from './record-feedback-input';
import { RecordFeedbackPayload } from './record-feedback-payload';
import { UndoDismissalsInput } from './undo-dismissals-input';
import { UndoDismissalsPayload } from './undo-dismissals-payload';

@Resolver()
export class FeedbackResolver {
  @Authorized('WRITER', 'STOREFRONT')
  @Mutation(() => RecordFeedbackPayload, {
    nullable: true,
    description:
      "Records what became of lists. A dismissed item is in none of the user's later lists. What the user took is no part of the history: " +
      'recordInteractions records that. A storefront token reports on the lists of its own user, and on those of no user.',
  })
  recordFeedback(
    @Arg('input', () => RecordFeedbackInput) input: RecordFeedbackInput,
    @Ctx() { feedback, caller }: Context,
  ) {
    const known = entryErrors(input, 'feedback');
    return feedback.record(input.feedback, { atomic: input.atomic ?? true, known, user: caller.userExternalId });
  }

  @Authorized('WRITER', 'STOREFRONT')
  @Mutation(() => UndoDismissalsPayload, {
    nullable: true,
    description:
      'Lets items be recommended again that a user has dismissed. A storefront token does it for its own user alone.',
  })
  undoDismissals(
    @Arg('input', () => UndoDismissalsInput) { userExternalId, itemExternalIds }: UndoDismissalsInput,
    @Ctx() context: Context,
  ) {
    needsOwnUser(context, 'undoDismissals', [userExternalId]);
    return context.feedback.undoDismissals(userExternalId, itemExternalIds);
  }
}
