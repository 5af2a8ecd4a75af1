import { ArgsType, ID, InputType, Int } from 'type-graphql';

import { InRange, TextLength } from '../common/bounds';
import { PageOf20 } from '../common/connection';
import { Default, Field, Nullable } from '../common/field';
import { MAX_ID, MAX_INT } from '../common/limits';
import { PresetName } from './presets';
import type { PresetRecord } from './records';
import { CurveMetric, TrainingStatus } from './types';

@InputType({ description: 'The training to start.' })
export class StartTrainingInput {
  @Field(() => PresetName, 'The sizes and the schedule.')
  readonly preset!: PresetRecord['name'];

  @Nullable(() => Int, 'The seed of all random numbers. The same seed, data and device give the same model.')
  readonly seed?: number | null;

  @Default(() => Boolean, false, 'Whether to keep the codebooks of the active version, and all semantic IDs.')
  readonly reuseTokenizer!: boolean;

  @Default(() => Boolean, true, 'Whether the new version becomes active unless it is clearly worse.')
  readonly activateWhenBetter!: boolean;

  @Default(() => Boolean, false, 'Whether it must be clearly better for that: its 95 % interval lies above.')
  readonly onlyWhenClearlyBetter!: boolean;
}

@InputType({ description: 'The training job to stop.' })
export class CancelTrainingInput {
  @Field(() => ID, 'The global ID of the job.')
  @TextLength(1, MAX_ID)
  readonly jobId!: string;
}

@ArgsType()
export class TrainingJobsInput extends PageOf20 {
  @Nullable(() => TrainingStatus, 'Lists only jobs with this status; absent: all.')
  readonly status?: TrainingStatus | null;
}

@ArgsType()
export class CurveInput {
  @Field(() => CurveMetric, 'The figure.')
  readonly metric!: string;

  @Default(() => Int, 200, 'The largest number of points, 2–1,000.')
  @InRange(2, 1000)
  readonly points!: number;

  @Nullable(() => Int, 'Only the values from this step on; absent: from the first.')
  @InRange(0, MAX_INT)
  readonly fromStep?: number | null;

  @Nullable(() => Int, 'Only the values up to this step; absent: to the last.')
  @InRange(0, MAX_INT)
  readonly toStep?: number | null;
}
