import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';

import { visibleFault } from '../common/check-access';
import { toConnection } from '../common/connection';
import { costOfCurve } from '../common/cost';
import { rowOf, toGlobalId } from '../common/global-id';
import { readRow } from '../common/read-rows';
import type { Context } from '../context';
import { ModelVersion } from '../model-version/model-version';
import { CancelTrainingInput } from './cancel-training-input';
import { CancelTrainingPayload } from './cancel-training-payload';
import { CurveInput } from './curve-input';
import { MetricPoint } from './metric-point';
import type { TrainingJobRecord } from './records';
import { StartTrainingInput } from './start-training-input';
import { StartTrainingPayload } from './start-training-payload';
import { TrainingJob, TrainingJobConnection } from './training-job';
import { TrainingJobsInput } from './training-jobs-input';

@Resolver(() => TrainingJob)
export class TrainingJobResolver {
  @Query(() => TrainingJob, { nullable: true, description: 'The training job with this global ID.' })
  trainingJob(@Arg('id', () => ID, { description: 'Global ID.' }) id: string, @Ctx() { trainingJobs }: Context) {
    const row = rowOf('TrainingJob', id);
    return row === null ? null : trainingJobs.job(row);
  }

  @Query(() => TrainingJobConnection, { nullable: true, description: 'Training jobs, newest first.' })
  async trainingJobs(@Args(() => TrainingJobsInput) input: TrainingJobsInput, @Ctx() { trainingJobs }: Context) {
    return toConnection(await trainingJobs.jobs(input.toPage(), input.status ?? null));
  }

  @FieldResolver()
  id(@Root() job: TrainingJobRecord) {
    return toGlobalId('TrainingJob', job.id);
  }

  @FieldResolver()
  error(@Root() { error }: TrainingJobRecord, @Ctx() context: Context) {
    return visibleFault(error, context);
  }

  @FieldResolver(() => [MetricPoint], {
    description: 'The stored values of a figure between two steps, oldest first, thinned to at most `points`.',
    complexity: costOfCurve,
  })
  curve(
    @Root() job: TrainingJobRecord,
    @Args(() => CurveInput) { metric, maxPoints, fromStep, toStep }: CurveInput,
    @Ctx() { trainingJobs, loaders }: Context,
  ) {
    const range = { fromStep, toStep };
    const key = ['curve', job.id, metric, maxPoints, range];
    return loaders.inTurn(key, () => trainingJobs.curve(job.id, metric, maxPoints, range));
  }

  @FieldResolver(() => ModelVersion, {
    nullable: true,
    description: 'The model version that it made; null until it has succeeded.',
  })
  modelVersion(@Root() { modelVersionId }: TrainingJobRecord, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }

  @Authorized('ADMIN')
  @Mutation(() => StartTrainingPayload, {
    nullable: true,
    description: 'Requests a training. Each process that trains runs one job at a time.',
  })
  async startTraining(
    @Arg('input', () => StartTrainingInput) input: StartTrainingInput,
    @Ctx() { trainingJobs, loaders }: Context,
  ) {
    const payload = await trainingJobs.start({
      preset: input.preset,
      seed: input.seed ?? null,
      reuseTokenizer: input.reuseTokenizer ?? false,
      activateWhenBetter: input.activateWhenBetter ?? true,
    });
    loaders.clearAll();
    return payload;
  }

  @Authorized('ADMIN')
  @Mutation(() => CancelTrainingPayload, { nullable: true, description: 'Stops a training job that waits or runs.' })
  async cancelTraining(
    @Arg('input', () => CancelTrainingInput) { jobId }: CancelTrainingInput,
    @Ctx() { trainingJobs, loaders }: Context,
  ) {
    const { row, userErrors } = readRow('TrainingJob', jobId, 'jobId');
    if (row === null) return { job: null, userErrors };
    const payload = await trainingJobs.cancel(row);
    loaders.clearAll();
    return payload;
  }
}
