import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';

import { costOfPlacements } from '../common/cost';
import type { Context } from '../context';
import { ModelVersion } from '../model-version/model-version';
import { Placement } from './placement';
import { PlacementFigures } from './placement-figures';
import { PlacementsInput, USUAL_DAYS } from './placements-input';
import type { PlacementFiguresRecord } from './records';
import { RemovePlacementInput } from './remove-placement-input';
import { RemovePlacementPayload } from './remove-placement-payload';

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
