import { Field, Float, Int, ObjectType } from 'type-graphql';

import { Metric } from '../model-version/metric';
import type * as records from './records';
import { TrainingPhase } from './training-phase';

@ObjectType({ description: 'How far a training job is.', simpleResolvers: true })
export class TrainingProgress {
  @Field(() => TrainingPhase, { description: 'What it is doing.' })
  readonly phase!: records.TrainingPhase;

  @Field(() => Int, { description: 'Updates made in this phase.' })
  readonly step!: number;

  @Field(() => Int, { description: 'Updates that this phase makes at most.' })
  readonly totalSteps!: number;

  @Field(() => Float, { nullable: true, description: 'Training loss of late.' })
  readonly loss!: number | null;

  @Field(() => [Metric], { description: 'What else is measured, such as the use of codebooks or validation recall.' })
  readonly metrics!: readonly Metric[];

  @Field(() => Float, { nullable: true, description: 'Training examples a second.' })
  readonly examplesPerSecond!: number | null;

  @Field(() => Float, { nullable: true, description: 'Seconds to the end of this phase at this speed.' })
  readonly secondsLeft!: number | null;
}
