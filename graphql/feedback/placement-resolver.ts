import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
} from 'type-graphql';

import { InRange } from '../common/bounds';
import { COST_OF_COUNT } from '../common/cost';
import type { Context } from '../context';
import { ModelVersion } from '../model-version/model-version';
import { Placement } from './placement';
import { PlacementFigures } from './placement-figures';
import type { PlacementFiguresRecord } from './records';
import { RemovePlacementInput } from './remove-placement-input';
import { RemovePlacementPayload } from './remove-placement-payload';

const USUAL_DAYS = 28;
const MAX_DAYS = 366;

@ArgsType()
class FiguresInput {
  @Field(() => Int, {
    nullable: true,
    defaultValue: USUAL_DAYS,
    description: 'The lists of so many days, 1–366; the last of them is today, in UTC.',
  })
  @InRange(1, MAX_DAYS)
  readonly days?: number | null;
}

@Resolver(() => Placement)
export class PlacementResolver {
  @Authorized('READER')
  @Query(() => [Placement], { nullable: true, description: 'The placements whose lists had feedback, by name.' })
  async placements(@Ctx() { feedback }: Context): Promise<Placement[]> {
    return (await feedback.placements()).map((name) => ({ name }));
  }

  @FieldResolver(() => [PlacementFigures], {
    description: 'What became of its lists, for each model version that made some, the newest first.',
    complexity: COST_OF_COUNT,
  })
  figures(@Root() { name }: Placement, @Args(() => FiguresInput) { days }: FiguresInput, @Ctx() context: Context) {
    return context.feedback.figures(name, days ?? USUAL_DAYS);
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
    description: 'The version that made the lists; null for lists of popular items alone.',
  })
  modelVersion(@Root() { modelVersionId }: PlacementFiguresRecord, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }
}
