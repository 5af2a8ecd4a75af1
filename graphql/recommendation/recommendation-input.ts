import { ValidateNested } from 'class-validator';
import { ArgsType, Field, Int } from 'type-graphql';

import { badInput } from '../common/bad-input';
import { InRange, ListLength, TextLength } from '../common/bounds';
import { needsRole } from '../common/check-access';
import { rowOf } from '../common/global-id';
import { MAX_HISTORY_IDS, MAX_ID } from '../common/limits';
import type { Context } from '../context';
import { PlacementName } from '../feedback/placement-name';
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

  @Field(() => String, {
    nullable: true,
    description:
      'Where the list is shown, such as `home/top`: 1–64 characters of letters, digits, ".", "_", "/" and "-". The list has a `listId` then.',
  })
  @PlacementName()
  readonly placement?: string | null;
}

@ArgsType()
export class HistoryRecommendationInput extends RecommendationInput {
  @Field(() => [String], {
    description: 'External ids of items, oldest first, up to 200; for an empty list: popular items.',
  })
  @ListLength(0, MAX_HISTORY_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly history!: string[];
}

/** @throws {GraphQLError} When the caller may not name a model version, or names none. */
export function toRecommendationArgs({ first, options }: RecommendationInput, context: Context): RecommendationArgs {
  const { modelVersion, ...rest } = options ?? {};
  const args = { ...rest, first: first ?? USUAL_LENGTH };
  return modelVersion == null ? args : { ...args, modelVersionId: versionOf(modelVersion, context) };
}

function versionOf(id: string, context: Context): number {
  needsRole('ADMIN', context, 'modelVersion');
  const row = rowOf('ModelVersion', id);
  if (row !== null) return row;
  const message = `modelVersion: expected the global ID of a model version, got "${id}"; modelVersions lists them`;
  throw badInput({ path: ['modelVersion'], message });
}
