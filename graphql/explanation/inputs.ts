import { ArgsType, ID, Int } from 'type-graphql';

import { InRange, TextLength } from '../common/bounds';
import { Default, Field } from '../common/field';
import { MAX_ID, MAX_INT } from '../common/limits';
import type { Context } from '../context';
import { RecommendationInput, SubjectInput, toRecommendationArgs, versionOf } from '../recommendation/inputs';
import type { CompareVersionsArgs } from './records';

@ArgsType()
export class WhyNotInput extends SubjectInput {
  @Field(() => String, 'The external ID of the item that the list does not have.')
  @TextLength(1, MAX_ID)
  override readonly item!: string;
}

@ArgsType()
export class CompareVersionsInput extends RecommendationInput {
  @Field(() => ID, 'The global ID of the model version that is compared with the active one.')
  @TextLength(1, MAX_ID)
  readonly modelVersion!: string;

  @Default(() => Int, 50, 'How many users are drawn, 1–200.')
  @InRange(1, 200)
  readonly users!: number;

  @Default(() => Int, 0, 'The same seed draws the same users, as long as no others come.')
  @InRange(0, MAX_INT)
  readonly seed!: number;
}

/** @throws {GraphQLError} When no version is named by such an ID. */
export function toCompareArgs(
  { modelVersion, users, seed, ...list }: CompareVersionsInput,
  context: Context,
): CompareVersionsArgs {
  const modelVersionId = versionOf(modelVersion, context);
  return {
    list: { ...toRecommendationArgs(list, context), modelVersionId },
    users,
    seed,
  };
}
