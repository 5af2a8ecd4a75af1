import { GraphQLDateTime } from 'graphql-scalars';
import { Float, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf, MutationPayload, Node } from '../common/types';
import { Metric } from '../model-version/types';
import { PresetName } from './presets';
import type { TrainingJobRecord, TrainingProgressRecord } from './records';

export const TrainingPhase = enumOf('TrainingPhase', 'The phase that a training job is in.', {
  FEATURES: 'It turns item texts into vectors.',
  TOKENIZER: 'It learns the codebooks.',
  ASSIGNMENT: 'It gives each item its semantic ID.',
  SEQ2SEQ: 'It learns to write the next semantic ID.',
  EVALUATION: 'It measures the quality on held-out interactions: the last ones of a third of the users, or of 20,000.',
  REFRESH: 'It learns the held-out interactions too, so that the model serves with all of them.',
  BASELINES: 'It measures simple methods on the same held-out interactions, to compare with.',
  DONE: 'It has ended.',
});
export type TrainingPhase = keyof typeof TrainingPhase;

export const TrainingStatus = enumOf('TrainingStatus', 'The status of a training job.', {
  QUEUED: 'It waits until the jobs before it have ended.',
  RUNNING: 'It is training.',
  SUCCEEDED: 'It made a model version.',
  FAILED: 'It ended with an error.',
  CANCELLED: 'It was stopped.',
});
export type TrainingStatus = keyof typeof TrainingStatus;

export const CurveMetric = enumOf(
  'CurveMetric',
  'A figure that is stored while a training goes on.',
  {
    LOSS: 'The loss of the sequence model.',
    LEARNING_RATE: 'Its learning rate.',
    VALIDATION_NDCG: 'NDCG@10 of its lists on validation data.',
    VALIDATION_DECODER_NDCG: 'The same of the decoder alone.',
    VALIDATION_ITEM_HEAD_NDCG: 'The same of the item head alone.',
    TOKENIZER_LOSS: 'The loss of the codebooks.',
    REFRESH_LOSS: 'The loss while the held-out interactions are learned.',
  },
  {
    LOSS: 'loss',
    LEARNING_RATE: 'learningRate',
    VALIDATION_NDCG: 'validation.ndcg@10',
    VALIDATION_DECODER_NDCG: 'validation.decoder.ndcg@10',
    VALIDATION_ITEM_HEAD_NDCG: 'validation.item-head.ndcg@10',
    TOKENIZER_LOSS: 'tokenizer.loss',
    REFRESH_LOSS: 'refresh.loss',
  },
);
export type CurveMetric = keyof typeof CurveMetric;

@ObjectType({ description: 'The sizes and the schedule of a training, by name.', simpleResolvers: true })
export class Preset {
  @Field(() => PresetName, 'The name, as `startTraining` takes it.')
  readonly name!: string;

  @Field(() => String, 'The shops that it is for, and what it takes.')
  readonly purpose!: string;

  @Nullable(() => Int, 'The largest number of items that it has semantic IDs for; null: more than any shop has.')
  readonly maxItems!: number | null;
}

@ObjectType({ description: 'One point of the curve of a training job.', simpleResolvers: true })
export class MetricPoint {
  @Field(() => Int, 'The step after which it was measured.')
  readonly step!: number;

  @Field(() => Float, 'The value.')
  readonly value!: number;
}

@ObjectType({ description: 'The progress of a training job.', simpleResolvers: true })
export class TrainingProgress {
  @Nullable(
    () => Int,
    'The number of this event, for `trainingProgress(after:)`; null when it is not one of the subscription. Of the states that it ' +
      'begins with, the last one has a number: that of the newest event.',
  )
  readonly event?: number;

  @Field(() => TrainingPhase, 'The phase that it is in.')
  readonly phase!: TrainingPhase;

  @Field(() => Int, 'The number of steps made in this phase.')
  readonly step!: number;

  @Field(() => Int, 'The largest number of steps that this phase makes.')
  readonly totalSteps!: number;

  @Nullable(() => Float, 'The training loss of the latest steps.')
  readonly loss!: number | null;

  @Field(() => [Metric], 'Other figures, such as the use of the codebooks or the recall on validation data.')
  readonly metrics!: readonly Metric[];

  @Nullable(() => Float, 'Training examples per second.')
  readonly examplesPerSecond!: number | null;

  @Nullable(() => Float, 'The seconds until this phase ends, at the present speed.')
  readonly secondsLeft!: number | null;

  @Nullable(() => String, 'Why it does not go on, such as a full disk; null while it does. For callers with a key.')
  readonly waitingFor?: string | null;

  @Field(() => [String], 'What people should know of the training, such as that no texts tell the items apart.')
  readonly warnings?: readonly string[];
}

@ObjectType({ implements: Node, description: 'A request to train a model version.', simpleResolvers: true })
export class TrainingJob extends Node {
  @Field(() => ID, 'Global ID.')
  override readonly id!: unknown;

  @Field(() => TrainingStatus, 'The status.')
  readonly status!: TrainingStatus;

  @Field(() => PresetName, 'The preset.')
  readonly preset!: string;

  @Field(() => Int, 'The seed. The same seed, data and device give the same model.')
  readonly seed!: number;

  @Field(() => Boolean, 'Whether it keeps the codebooks of the active model, and all semantic IDs.')
  readonly reuseTokenizer!: boolean;

  @Field(() => GraphQLDateTime, 'When it was requested.')
  readonly createdAt!: Date;

  @Nullable(() => GraphQLDateTime, 'When it began; null while it waits.')
  readonly startedAt!: Date | null;

  @Nullable(() => GraphQLDateTime, 'When it ended, with or without success; null until then.')
  readonly finishedAt!: Date | null;

  @Nullable(() => TrainingProgress, 'The latest progress; null before it began.')
  readonly progress!: TrainingProgressRecord | null;

  @Nullable(
    () => String,
    'Why it failed, or why its version is not active although it should be; null when nothing is wrong. Callers without ' +
      'a key read only that there is a reason.',
  )
  readonly error!: string | null;
}

export const TrainingJobConnection = connectionOf(TrainingJob, 'TrainingJob');

/** The payloads of trainings all have this field. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class TrainingPayload extends MutationPayload {
  @Nullable(() => TrainingJob, 'The job; null when the call was refused.')
  readonly job!: TrainingJobRecord | null;
}

@ObjectType({ description: 'The answer of `startTraining`.', simpleResolvers: true })
export class StartTrainingPayload extends TrainingPayload {}

@ObjectType({ description: 'The answer of `cancelTraining`.', simpleResolvers: true })
export class CancelTrainingPayload extends TrainingPayload {}
