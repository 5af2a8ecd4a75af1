/** Users are divided like this in one of a hundred experiments where all is right, at whatever look. */
import { Arg, Args, Authorized, Ctx, Float, ID, Resolver, Root } from 'type-graphql';

import { ownConnection } from '../common/connection';
import { COST_OF_COUNT, costOfArms } from '../common/cost';
import { Field, Mutation, Nullable, Query } from '../common/field';
import { readRow, rowOf } from '../common/global-id';
import type { UserErrorRecord } from '../common/records';
import { entryErrors } from '../common/validate-arguments';
import type { Context } from '../context';
import { ModelVersion } from '../model-version/types';
import { ExperimentsInput, type NewArm, PromoteArmInput, StartExperimentInput, StopExperimentInput } from './inputs';
import { PromoteArmPayload, StartExperimentPayload, StopExperimentPayload } from './payloads';
import type { ArmRecord, ExperimentFigures, ExperimentRecord, NewArmArgs } from './records';
import { Experiment, ExperimentArm, ExperimentConnection } from './types';

const MISMATCH = 0.01;

@Resolver(() => Experiment)
export class ExperimentResolver {
  @Authorized('READER')
  @Query(() => Experiment, 'The experiment with this ID; null when there is none.')
  experiment(@Arg('id', () => ID, { description: 'Its global ID.' }) id: string, @Ctx() { experiments }: Context) {
    const row = rowOf('Experiment', id);
    return row === null ? null : experiments.experiment(row);
  }

  @Authorized('READER')
  @Query(() => ExperimentConnection, 'Experiments, also those that were stopped, newest first.')
  async experiments(@Args() input: ExperimentsInput, @Ctx() { experiments, loaders }: Context) {
    const placement = input.placement ?? null;
    return ownConnection(loaders, ['experiments', placement], input, (page) =>
      experiments.experiments(page, placement),
    );
  }

  @Field(() => [ExperimentArm], 'Its arms with their figures, the control arm first.', { complexity: costOfArms })
  async arms(@Root() { id }: ExperimentRecord, @Ctx() context: Context) {
    return (await figuresOf(id, context)).arms;
  }

  @Field(
    () => Float,
    'How likely users are divided as unevenly among the running arms as they are, where nothing is wrong. It holds however often one looks.',
    { complexity: COST_OF_COUNT },
  )
  async sampleRatioProbability(@Root() { id }: ExperimentRecord, @Ctx() context: Context) {
    return (await figuresOf(id, context)).sampleRatioProbability;
  }

  @Field(
    () => Boolean,
    'Whether that is below 0.01. Then the arms have other users, or other lists of theirs are reported, and their figures cannot be compared.',
    { complexity: COST_OF_COUNT },
  )
  async sampleRatioMismatch(@Root() { id }: ExperimentRecord, @Ctx() context: Context) {
    return (await figuresOf(id, context)).sampleRatioProbability < MISMATCH;
  }

  @Authorized('ADMIN')
  @Mutation(
    () => StartExperimentPayload,
    'Starts an experiment: each user and visitor has one of its arms, and keeps it.',
  )
  async startExperiment(@Arg('input') input: StartExperimentInput, @Ctx() { experiments }: Context) {
    const { placement, metric, currency = null } = input;
    const arms = input.arms.map(toArm);
    const userErrors = [...entryErrors(input, 'arms'), ...arms.flatMap((arm) => arm.userErrors)];
    if (userErrors.length > 0) return { experiment: null, userErrors };
    return experiments.start({ placement, metric, currency, arms: arms.map(({ arm }) => arm) });
  }

  @Authorized('ADMIN')
  @Mutation(() => StopExperimentPayload, 'Stops an experiment: at the next request the placement is as without it.')
  async stopExperiment(@Arg('input') { experimentId }: StopExperimentInput, @Ctx() { experiments }: Context) {
    const { row, userErrors } = readRow('Experiment', experimentId, 'experimentId');
    if (row === null) return { experiment: null, userErrors };
    return experiments.stop(row);
  }

  @Authorized('ADMIN')
  @Mutation(
    () => PromoteArmPayload,
    'Saves what an arm has as the newest state of the placement, and stops the experiment.',
  )
  async promoteArm(@Arg('input') { armId }: PromoteArmInput, @Ctx() { experiments, caller }: Context) {
    const { row, userErrors } = readRow('ExperimentArm', armId, 'armId');
    if (row === null) return { experiment: null, placementState: null, userErrors };
    return experiments.promote(row, caller.key?.name ?? null);
  }
}

/** Several fields have them; they are read once. */
function figuresOf(id: number, { experiments, loaders }: Context): Promise<ExperimentFigures> {
  return loaders.inTurn(['experimentFigures', id], () => experiments.figures(id));
}

interface ReadArm {
  readonly arm: NewArmArgs;
  readonly userErrors: readonly UserErrorRecord[];
}

function toArm({ name, percent, stateNumber, modelVersionId }: NewArm, position: number): ReadArm {
  const arm = { name, percent, stateNumber: stateNumber ?? null, modelVersionId: null };
  if (modelVersionId == null) return { arm, userErrors: [] };
  const field = ['arms', String(position), 'modelVersionId'];
  const { row, userErrors } = readRow('ModelVersion', modelVersionId, field.join('.'));
  return { arm: { ...arm, modelVersionId: row }, userErrors: userErrors.map((error) => ({ ...error, field })) };
}

@Resolver(() => ExperimentArm)
export class ExperimentArmResolver {
  @Nullable(() => ModelVersion, 'The version that makes its lists; null: the state’s, the active one, or removed.')
  modelVersion(@Root() { modelVersionId }: ArmRecord, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }
}
