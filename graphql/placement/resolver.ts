import { Arg, Args, Authorized, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';

import { type PageInput, PageOf20, toConnection } from '../common/connection';
import { costOfOwnPage, costOfPlacements, costOfPreview } from '../common/cost';
import { Field, Mutation, Nullable, Query } from '../common/field';
import type { Context } from '../context';
import type { PlacementRecord } from '../feedback/records';
import { ModelVersion } from '../model-version/types';
import { subjectOf } from '../recommendation/resolver';
import { toRecommendationPage } from '../recommendation/types';
import {
  PlacementInput,
  PlacementsInput,
  PreviewPlacementInput,
  RemovePlacementInput,
  RestorePlacementInput,
  SavePlacementInput,
  toDefinition,
} from './inputs';
import type { PlacementStateRecord, RuleActionRecord } from './records';
import {
  PinRule,
  Placement,
  PlacementPreview,
  PlacementState,
  PlacementStateConnection,
  RemovePlacementPayload,
  RestorePlacementPayload,
  SavePlacementPayload,
} from './types';

@Resolver(() => Placement)
export class PlacementResolver {
  @Authorized('READER')
  @Query(() => [Placement], 'Placements that are stored or had feedback, by name.', { complexity: costOfPlacements })
  async placements(@Args() { period }: PlacementsInput, @Ctx() { feedback, placements }: Context) {
    const [stored, measured] = await Promise.all([placements.names(), feedback.placements(period)]);
    const known = new Set(measured.map(({ name }) => name));
    const others = stored.filter((name) => !known.has(name)).map((name) => ({ name, figures: [] }));
    return [...measured, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  @Authorized('READER')
  @Query(() => Placement, 'A placement; null: not stored, and no feedback.', { complexity: costOfPlacements })
  async placement(
    @Args() { name, period }: PlacementInput,
    @Ctx() { feedback, loaders }: Context,
  ): Promise<PlacementRecord | null> {
    const [state, [measured]] = await Promise.all([loaders.placementState(name), feedback.placements(period, name)]);
    return measured ?? (state && { name, figures: [] });
  }

  @Nullable(() => PlacementState, 'What is in force; null when it is not stored: then requests alone say it.')
  state(@Root() { name }: PlacementRecord, @Ctx() { loaders }: Context) {
    return loaders.placementState(name);
  }

  @Field(() => PlacementStateConnection, 'All states, the newest first.', { complexity: costOfOwnPage })
  async states(
    @Root() { name }: PlacementRecord,
    @Args(() => PageOf20) page: PageInput,
    @Ctx() { placements, loaders }: Context,
  ) {
    const args = page.toPage();
    return toConnection(await loaders.inTurn(['placementStates', name, args], () => placements.states(name, args)));
  }

  @Authorized('ADMIN')
  @Query(() => PlacementPreview, 'A list by the state in force, and by a definition.', { complexity: costOfPreview })
  async previewPlacement(@Args() input: PreviewPlacementInput, @Ctx() context: Context) {
    const { definition } = await toDefinition(input.definition, context);
    const subject = await subjectOf(input, context);
    const { recommender, placements, signal } = context;
    const args = { first: input.first, placement: input.name };
    const [stored, draft, warnings] = await Promise.all([
      recommender.recommend(subject, args, signal),
      recommender.recommend(subject, { ...args, draft: definition }, signal),
      placements.warnings(input.name, definition),
    ]);
    return { stored: toRecommendationPage(stored, {}), draft: toRecommendationPage(draft, {}), warnings };
  }

  @Authorized('ADMIN')
  @Mutation(() => SavePlacementPayload, 'Saves a placement: in force at the next request. Former states are kept.')
  async savePlacement(@Arg('input') { name, basedOn, dryRun, ...input }: SavePlacementInput, @Ctx() context: Context) {
    const { definition, userErrors } = await toDefinition(input.definition, context);
    if (userErrors.length > 0) return { state: null, inForce: null, warnings: [], userErrors };
    const state = { name, basedOn: basedOn || null, definition };
    return context.placements.save(state, { savedBy: nameOf(context), isDryRun: dryRun });
  }

  @Authorized('ADMIN')
  @Mutation(() => RestorePlacementPayload, 'Saves a former state of a placement once more, as the newest.')
  restorePlacement(@Arg('input') { name, state }: RestorePlacementInput, @Ctx() context: Context) {
    return context.placements.restore(name, state, nameOf(context));
  }

  @Authorized('ADMIN')
  @Mutation(() => RemovePlacementPayload, 'Deletes a placement for good, with its states, experiments and figures.')
  removePlacement(@Arg('input') { name }: RemovePlacementInput, @Ctx() context: Context) {
    return context.feedback.removePlacement(name);
  }
}

function nameOf({ caller }: Context): string | null {
  return caller.key?.name ?? null;
}

@Resolver(() => PlacementState)
export class PlacementStateResolver {
  @Nullable(() => ModelVersion, 'The version that makes its lists; null: the active one, or it was removed.')
  modelVersion(@Root() { modelVersionId }: PlacementStateRecord, @Ctx() { loaders }: Context) {
    return modelVersionId == null ? null : loaders.modelVersion(modelVersionId);
  }
}

@Resolver(() => PinRule)
export class PinRuleResolver {
  @FieldResolver()
  item(@Root() { itemId }: NonNullable<RuleActionRecord['pin']>, @Ctx() { loaders }: Context) {
    return loaders.item(itemId);
  }
}
