import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root, Subscription } from 'type-graphql';

import { badInput } from '../common/bad-input';
import { visibleFault } from '../common/check-access';
import { eventStream, knownAfter } from '../common/event-stream';
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
