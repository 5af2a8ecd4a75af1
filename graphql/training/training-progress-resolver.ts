import { GraphQLError } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';

import { eventStream } from '../common/event-stream';
import { rowOf } from '../common/global-id';
import type { Context } from '../context';
import type { TrainingProgressRecord } from './records';
import { TrainingJob } from './training-job';
import { TrainingProgress } from './training-progress';

@Resolver(() => TrainingProgress)
export class TrainingProgressResolver {
  @FieldResolver(() => TrainingJob, { description: 'The training job.' })
  job(@Root() progress: TrainingProgressRecord, @Ctx() { loaders }: Context) {
    return loaders.trainingJob(progress.jobId);
  }

  @Subscription(() => TrainingProgress, {
    description:
      'The progress of training jobs: first the present state of each running job, then every update. A client that reads too slowly misses the oldest updates.',
    subscribe: ({ args, context }: { args: { jobId?: string | null }; context: Context }) =>
      follow(args.jobId ?? null, context),
  })
  trainingProgress(
    @Root() progress: TrainingProgressRecord,
    @Arg('jobId', () => ID, { nullable: true, description: 'Reports only this job; absent: every job.' })
    _jobId: string | null,
    @Ctx() { loaders }: Context,
  ) {
    // All events of a subscription share one context, whose loaders still hold the job as it was at an earlier event.
    loaders.clearAll();
    return progress;
  }
}

async function follow(jobId: string | null, { trainingJobs, hub }: Context) {
  const row = jobId === null ? null : rowOf('TrainingJob', jobId);
  if (jobId !== null && (row === null || !(await trainingJobs.job(row)))) {
    throw new GraphQLError(`jobId: expected the id of a training job, got "${jobId}"`, {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  return eventStream({
    present: () => trainingJobs.progress(row),
    live: hub.subscribe('TRAINING_PROGRESS'),
    accepts: (progress) => row === null || progress.jobId === row,
  });
}
