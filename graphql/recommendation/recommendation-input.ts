import { ValidateNested } from 'class-validator';
import { ArgsType, Field, Int } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';
import { RecommendationOptions } from './recommendation-options';
import type { RecommendationArgs } from './records';

const USUAL_LENGTH = 10;

@ArgsType()
export class RecommendationInput {
  @Field(() => Int, { nullable: true, defaultValue: USUAL_LENGTH, description: 'How many, 1–100.' })
  @InRange(1, 100)
  readonly first?: number | null;

  @Field(() => RecommendationOptions, { nullable: true, description: 'How to recommend; absent: beam search.' })
  @ValidateNested()
  readonly options?: RecommendationOptions | null;
}

@ArgsType()
export class HistoryRecommendationInput extends RecommendationInput {
  @Field(() => [String], { description: 'External ids of items, oldest first, 1–200 of them.' })
  @ListLength(1, 200)
  @TextLength(1, 200, { each: true })
  readonly history!: string[];
}

export function toRecommendationArgs(input: RecommendationInput): RecommendationArgs {
  return { ...input.options, first: input.first ?? USUAL_LENGTH };
}
