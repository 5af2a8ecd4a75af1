import { ArgsType, ID, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { Field, Nullable } from '../common/field';
import { MAX_ID, MAX_LABEL, MAX_NODES } from '../common/limits';

@InputType({ description: 'The model version to activate.' })
export class ActivateModelVersionInput {
  @Field(() => ID, 'The global ID of the version.')
  @TextLength(1, MAX_ID)
  readonly modelVersionId!: string;
}

@ArgsType()
export class MetricsInput {
  @Nullable(() => [String], 'Only the figures with these names, such as `ndcg@10`, up to 100. Absent: all.')
  @ListLength(0, MAX_NODES)
  @TextLength(1, MAX_LABEL, { each: true })
  readonly names?: string[] | null;
}
