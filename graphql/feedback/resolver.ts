import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';

import { needsOwnUser } from '../common/check-access';
import { costOfPlacements } from '../common/cost';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { ModelVersion } from '../model-version/types';
import { PlacementsInput, RecordFeedbackInput, RemovePlacementInput, UndoDismissalsInput, USUAL_DAYS } from './inputs';
import { RecordFeedbackPayload, RemovePlacementPayload, UndoDismissalsPayload } from './payloads';
import type { PlacementFiguresRecord } from './records';
import { Placement, PlacementFigures } from './types';

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

@Resolver(() => Placement)
export class PlacementResolver {
  @Authorized('READER')
  @Query(() => [Placement], {
    nullable: true,
    description: 'The placements whose lists had feedback, by name.',
    complexity: costOfPlacements,
  })
  placements(@Args(() => PlacementsInput) { days }: PlacementsInput, @Ctx() { feedback }: Context) {
    return feedback.placements(days ?? USUAL_DAYS);
  }

  @Authorized('ADMIN')
  @Mutation(() => RemovePlacementPayload, {
    nullable: true,
    description: 'Deletes the figures of a placement, for good. Later feedback on its lists brings it back.',
  })
  removePlacement(@Arg('input', () => RemovePlacementInput) { name }: RemovePlacementInput, @Ctx() context: Context) {
    return context.feedback.removePlacement(name);
  }
}

@Resolver(() => PlacementFigures)
export class PlacementFiguresResolver {
  @FieldResolver(() => ModelVersion, {
    nullable: true,
    description:
      'The version that made the lists; null for lists of popular items, and for a version that was removed since.',
  })
  modelVersion(@Root() { modelVersionId }: PlacementFiguresRecord, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }

  @FieldResolver(() => Boolean, { description: 'Whether these are lists of popular items alone.' })
  isPopularity(@Root() { modelVersionId }: PlacementFiguresRecord) {
    return modelVersionId === null;
  }
}
