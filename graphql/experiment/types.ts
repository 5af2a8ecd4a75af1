import { GraphQLDateTime } from 'graphql-scalars';
import { Float, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf } from '../common/types';

export const ExperimentMetric = enumOf(
  'ExperimentMetric',
  'What an experiment is decided by, for each list with feedback.',
  {
    CLICKED: 'Whether an item of it was opened.',
    PURCHASED: 'Whether an item of it was purchased.',
    REVENUE: 'What its purchases brought in.',
  },
);
export type ExperimentMetric = keyof typeof ExperimentMetric;

export const ArmStatus = enumOf('ArmStatus', 'What becomes of an arm.', {
  RUNNING: 'It serves its users while the experiment is running.',
  STOPPED:
    'It was clearly worse than the control arm, by the metric of the experiment, and so was stopped. The control arm serves its users, who count no longer.',
  NO_MODEL: 'Its model version was removed. The control arm serves its users, who count no longer.',
});
export type ArmStatus = keyof typeof ArmStatus;

@ObjectType({ description: 'A value with its 95 % interval, however often one looks.', simpleResolvers: true })
export class Estimate {
  @Field(() => Float, 'The value.')
  readonly value!: number;

  @Field(() => Float, 'The lower end of the interval.')
  readonly low!: number;

  @Field(() => Float, 'The upper end.')
  readonly high!: number;
}

@ObjectType({ description: 'What the lists of an arm came to.', simpleResolvers: true })
export class ArmRate {
  @Field(() => Float, 'Of all lists: how many were opened or purchased from, or what they brought in.')
  readonly total!: number;

  @Field(() => Float, 'The same for each list with feedback, on average.')
  readonly perList!: number;

  @Nullable(
    () => Float,
    'The lower end of the 95 % interval of `perList`, which holds however often one looks. It takes into account that the lists of one user are alike. Null: there is too little to tell.',
  )
  readonly low!: number | null;

  @Nullable(() => Float, 'The upper end.')
  readonly high!: number | null;

  @Nullable(
    () => Estimate,
    "How much `perList` is above the control arm's. An interval wholly above or below 0 is clear; those of all arms hold together. Null: there is too little to tell, or this is the control arm.",
  )
  readonly difference!: Estimate | null;
}

@ObjectType({ description: 'One of the ways that an experiment compares.', simpleResolvers: true })
export class ExperimentArm {
  @Field(() => ID, 'Global ID; `promoteArm` takes it.')
  readonly id!: unknown;

  @Field(() => String, 'Its name.')
  readonly name!: string;

  @Field(() => Int, 'The share of the users whom it serves, in percent.')
  readonly percent!: number;

  @Field(() => Boolean, 'Whether the other arms are compared with it: the first one.')
  readonly isControl!: boolean;

  @Field(() => ArmStatus, 'What becomes of it.')
  readonly status!: ArmStatus;

  @Nullable(() => GraphQLDateTime, 'When it was found to be clearly worse; null: it was not.')
  readonly stoppedAt!: Date | null;

  @Nullable(() => Int, 'The state of the placement that makes its lists; null: the newest one.')
  readonly stateNumber!: number | null;

  @Field(() => Int, 'Users and visitors with a list that counts.')
  readonly users!: number;

  @Field(() => Int, 'Their lists that had feedback of any kind.')
  readonly lists!: number;

  @Field(() => ArmRate, 'Lists of which an item was opened.')
  readonly clicked!: ArmRate;

  @Field(() => ArmRate, 'Lists of which an item was purchased: see `PlacementFigures.purchased`.')
  readonly purchased!: ArmRate;

  @Nullable(() => ArmRate, 'What purchases brought in, in the currency of the experiment; null: it has none.')
  readonly revenue!: ArmRate | null;
}

@ObjectType({ description: 'A comparison of arms on the lists of one placement.', simpleResolvers: true })
export class Experiment {
  @Field(() => ID, 'Global ID.')
  readonly id!: unknown;

  @Field(() => String, 'The placement whose lists it makes.')
  readonly placement!: string;

  @Field(() => ExperimentMetric, 'An arm that is clearly worse than the control arm by this is stopped by itself.')
  readonly metric!: ExperimentMetric;

  @Nullable(() => String, 'The currency of the revenue that counts; null: none counts.')
  readonly currency!: string | null;

  @Field(() => GraphQLDateTime, 'When it was started.')
  readonly startedAt!: Date;

  @Nullable(() => GraphQLDateTime, 'When it was stopped; null: it is running. Later feedback on its lists counts too.')
  readonly stoppedAt!: Date | null;
}

export const ExperimentConnection = connectionOf(Experiment, 'Experiment');
