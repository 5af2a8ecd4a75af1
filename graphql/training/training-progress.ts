import { Field, Float, Int, ObjectType } from 'type-graphql';

import { Metric } from '../model-version/metric';
import { TrainingPhase } from './training-phase';

@ObjectType({ description: 'The progress of a training job.', simpleResolvers: true })
export class TrainingProgress {
  @Field(() => Int, {
    nullable: true,
    description:
      'The number of this event, for `trainingProgress(after:)`; null when it is not one of the subscription. Of the states that it ' +
      'begins with, the last one has a number: that of the newest event.',
  })
  readonly event?: number;

  @Field(() => TrainingPhase, { description: 'The phase that it is in.' })
  readonly phase!: TrainingPhase;

  @Field(() => Int, { description: 'The number of steps made in this phase.' })
  readonly step!: number;

  @Field(() => Int, { description: 'The largest number of steps that this phase makes.' })
  readonly totalSteps!: number;

  @Field(() => Float, { nullable: true, description: 'The training loss of the latest steps.' })
  readonly loss!: number | null;

  @Field(() => [Metric], {
    description: 'Other figures, such as the use of the codebooks or the recall on validation data.',
  })
  readonly metrics!: readonly Metric[];

  @Field(() => Float, { nullable: true, description: 'Training examples per second.' })
  readonly examplesPerSecond!: number | null;

  @Field(() => Float, { nullable: true, description: 'The seconds until this phase ends, at the present speed.' })
  readonly secondsLeft!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it does not go on at the moment, such as a full disk; null while it goes on. Callers without a key read only ' +
      'that it waits.',
  })
  readonly waitingFor?: string | null;

  @Field(() => [String], {
    description: 'What people should know of the training, such as that no texts tell the items apart.',
  })
  readonly warnings?: readonly string[];
}
