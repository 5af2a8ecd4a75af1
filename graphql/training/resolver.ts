import { Arg, Args, Authorized, Ctx, FieldResolver, ID, Int, Resolver, Root, Subscription } from 'type-graphql';

import { visibleFault } from '../common/check-access';
import { toConnection } from '../common/connection';
import { costOfCurve } from '../common/cost';
import { badInput } from '../common/errors';
import { eventStream, knownAfter } from '../common/event-stream';
import { Field, Mutation, Nullable, Query } from '../common/field';
import { readRow, rowOf } from '../common/global-id';
import type { Context } from '../context';
import { ModelVersion } from '../model-version/types';
import { CancelTrainingInput, CurveInput, StartTrainingInput, TrainingJobsInput } from './inputs';
import type { TrainingJobRecord, TrainingProgressRecord } from './records';
import {
  CancelTrainingPayload,
  MetricPoint,
  Preset,
  StartTrainingPayload,
  TrainingJob,
  TrainingJobConnection,
  TrainingProgress,
} from './types';

@Resolver(() => TrainingJob)
export class TrainingJobResolver {
  @Query(() => TrainingJob, 'The training job with this global ID.')
  trainingJob(@Arg('id', () => ID, { description: 'Global ID.' }) id: string, @Ctx() { trainingJobs }: Context) {
    const row = rowOf('TrainingJob', id);
    return row === null ? null : trainingJobs.job(row);
  }

  @Query(() => TrainingJobConnection, 'Training jobs, newest first.')
  async trainingJobs(@Args() input: TrainingJobsInput, @Ctx() { trainingJobs }: Context) {
    return toConnection(await trainingJobs.jobs(input.toPage(), input.status ?? null));
  }

  @Query(() => [Preset], 'The presets that `startTraining` takes, as they are offered.', { nullable: false })
  presets(@Ctx() { trainingJobs }: Context) {
    return trainingJobs.presets();
  }

  @FieldResolver()
  error(@Root() { error }: TrainingJobRecord, @Ctx() context: Context) {
    return visibleFault(error, context);
  }

  @Field(() => [MetricPoint], 'Values of a figure, oldest first: at most `points`.', { complexity: costOfCurve })
  curve(
    @Root() job: TrainingJobRecord,
    @Args() { metric, points, fromStep, toStep }: CurveInput,
    @Ctx() { trainingJobs, loaders }: Context,
  ) {
    const range = { fromStep, toStep };
    const key = ['curve', job.id, metric, points, range];
    return loaders.inTurn(key, () => trainingJobs.curve(job.id, metric, points, range));
  }

  @Nullable(() => ModelVersion, 'The model version that it made; null until it has succeeded.')
  modelVersion(@Root() { modelVersionId }: TrainingJobRecord, @Ctx() { loaders }: Context) {
    return modelVersionId === null ? null : loaders.modelVersion(modelVersionId);
  }

  @Authorized('ADMIN')
  @Mutation(() => StartTrainingPayload, 'Requests a training. Each process that trains runs one job at a time.')
  async startTraining(@Arg('input') input: StartTrainingInput, @Ctx() { trainingJobs }: Context) {
    return trainingJobs.start(input);
  }

  @Authorized('ADMIN')
  @Mutation(() => CancelTrainingPayload, 'Stops a training job that waits or runs.')
  async cancelTraining(@Arg('input') { jobId }: CancelTrainingInput, @Ctx() { trainingJobs }: Context) {
    const { row, userErrors } = readRow('TrainingJob', jobId, 'jobId');
    if (row === null) return { job: null, userErrors };
    return trainingJobs.cancel(row);
  }
}

@Resolver(() => TrainingProgress)
export class TrainingProgressResolver {
  @Field(() => TrainingJob, 'The training job.')
  job(@Root() progress: TrainingProgressRecord, @Ctx() { loaders }: Context) {
    return loaders.trainingJob(progress.jobId);
  }

  @FieldResolver()
  waitingFor(@Root() { waitingFor = null }: TrainingProgressRecord, @Ctx() context: Context) {
    return visibleFault(waitingFor, context);
  }

  @FieldResolver()
  warnings(@Root() { warnings = [] }: TrainingProgressRecord) {
    return warnings;
  }

  @Subscription(() => TrainingProgress, {
    description:
      'The progress of training jobs, whichever server runs them: first the present state of each running job, or with `after` what was missed, then every update. A job that is requested, begins, ends or is cancelled is an update too: `job.status` tells. A client that reads too slowly may miss old progress, but no change of a status.',
    subscribe: ({ args, context }: { args: ProgressArgs; context: Context }) => follow(args, context),
  })
  trainingProgress(
    @Root() progress: TrainingProgressRecord,
    @Arg('jobId', () => ID, { nullable: true, description: 'Reports only this job; absent: every job.' })
    _jobId: string | null,
    @Arg('after', () => Int, {
      nullable: true,
      description:
        'The number of the last event that the client has seen: it gets those after it, as far as they are kept. A number that no event has yet is ignored.',
    })
    _after: number | null,
    @Ctx() { loaders }: Context,
  ) {
    // All events of a subscription share one context, whose loaders still hold the job as it was at an earlier event.
    loaders.clearAll();
    return progress;
  }
}

interface ProgressArgs {
  readonly jobId?: string | null;
  readonly after?: number | null;
}

async function follow({ jobId = null, after = null }: ProgressArgs, { trainingJobs, hub }: Context) {
  const row = jobId === null ? null : rowOf('TrainingJob', jobId);
  if (jobId !== null && (row === null || !(await trainingJobs.job(row)))) {
    throw badInput({
      path: ['jobId'],
      message: `jobId: expected the id of a training job, got "${jobId}"; trainingJobs lists them`,
    });
  }
  return eventStream<TrainingProgressRecord>({
    present: () => trainingJobs.progress(row),
    after: await knownAfter(after, () => trainingJobs.newestEvent()),
    missed: (event) => trainingJobs.progressAfter(event, row),
    live: hub.subscribe('TRAINING_PROGRESS'),
    accepts: (progress) => row === null || progress.jobId === row,
    numberOf: ({ event }) => event,
  });
}
