import { GraphQLDateTime } from 'graphql-scalars';
import { Float, ID, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf, MutationPayload, Node } from '../common/types';
import { PresetName } from '../training/presets';
import type { ModelVersionRecord } from './records';

@ObjectType({ description: 'A measured figure with its 95 % interval.', simpleResolvers: true })
export class Metric {
  @Field(() => String, 'The name, such as `ndcg@10` or `baseline.popularity.recall@10`.')
  readonly name!: string;

  @Field(() => Float, 'The value.')
  readonly value!: number;

  @Nullable(() => Float, 'The lower end of the interval; null when no interval was measured.')
  readonly low!: number | null;

  @Nullable(() => Float, 'The upper end of the interval; null when no interval was measured.')
  readonly high!: number | null;
}

@ObjectType({
  description:
    'How far the NDCG@10 of a version’s lists is above that of the strongest simple method, on the same held-out users, with the 95 % interval of the difference. Where the interval is not above zero, the method does as well without a model.',
  simpleResolvers: true,
})
export class BaselineDifference {
  @Field(() => String, 'The method with the largest NDCG@10, such as `item-knn-tuned`: see `baseline.NAME.…`.')
  readonly baseline!: string;

  @Field(() => Boolean, 'Whether the lists may have seen items: where most held-out items are repeats.')
  readonly seenKept!: boolean;

  @Field(() => Float, 'The difference.')
  readonly value!: number;

  @Nullable(() => Float, 'The lower end of the interval.')
  readonly low!: number | null;

  @Nullable(() => Float, 'The upper end of the interval.')
  readonly high!: number | null;
}

export const ModelStatus = enumOf('ModelStatus', 'The status of a model version.', {
  TRAINED: 'It has not been active yet and can be activated.',
  ACTIVE: 'It makes the recommendations.',
  RETIRED: 'It was active before and can be activated again.',
  REJECTED:
    'It was not activated: it was clearly worse than the active version, or not clearly better where that was asked for.',
});
export type ModelStatus = keyof typeof ModelStatus;

@ObjectType({ implements: Node, description: 'A trained model with its codebooks.', simpleResolvers: true })
export class ModelVersion extends Node {
  @Field(() => ID, 'Global ID.')
  override readonly id!: unknown;

  @Field(() => Int, 'The number of the version; the first has 1.')
  readonly number!: number;

  @Field(() => ModelStatus, 'The status.')
  readonly status!: ModelStatus;

  @Field(() => PresetName, 'The preset it was trained with.')
  readonly preset!: string;

  @Field(() => String, 'The device it was trained on.')
  readonly device!: string;

  @Field(() => Int, 'The number of its trained parameters.')
  readonly parameterCount!: number;

  @Field(() => GraphQLDateTime, 'When its training ended.')
  readonly createdAt!: Date;
}

export const ModelVersionConnection = connectionOf(ModelVersion, 'ModelVersion');

@ObjectType({ description: 'An event of `activeModelChanges`: a model version became active.', simpleResolvers: true })
export class ModelActivation {
  @Field(() => Int, 'The version of the catalogue that the activation made, for `activeModelChanges(after:)`.')
  readonly catalogueVersion!: number;

  @Field(() => ModelVersion, 'The version that became active.')
  readonly modelVersion!: ModelVersionRecord;
}

@ObjectType({ description: 'The answer of `activateModelVersion`.', simpleResolvers: true })
export class ActivateModelVersionPayload extends MutationPayload {
  @Nullable(() => ModelVersion, 'The version that is active now; null when the call was refused.')
  readonly modelVersion!: ModelVersionRecord | null;
}
