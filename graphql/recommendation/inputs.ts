import { ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Float, ID, InputType, Int } from 'type-graphql';

import { InRange, InTime, ListLength, ShelfList, TextLength } from '../common/bounds';
import { needsRole } from '../common/check-access';
import { MAX_CURSOR } from '../common/connection';
import { Default, Nullable } from '../common/field';
import { versionRowOf } from '../common/global-id';
import { MAX_HISTORY_IDS, MAX_ID, MAX_INT, MAX_NAME, MAX_STEER } from '../common/limits';
import { MAX_VISITOR } from '../common/references';
import type { Context } from '../context';
import { ItemFilter } from '../item/fields';
import { PlacementName } from '../placement/inputs';
import type { RecommendationArgs } from './records';
import { TrendingWindow } from './types';

@InputType({ description: 'How to recommend.' })
export class RecommendationOptions {
  @Nullable(() => Float, 'Absent or 0: beam search, deterministic. Up to 10: sampling, more diverse as it grows.')
  @InRange(0, 10)
  readonly temperature?: number | null;

  @Nullable(() => Int, 'For sampling: the same seed, model and catalogue give the same list; absent: any.')
  readonly seed?: number | null;

  @Nullable(() => Int, 'Hypotheses kept at each level, 1–200; absent: 20. At least as many as the list is long.')
  @InRange(1, 200)
  readonly beamWidth?: number | null;

  @Nullable(() => ItemFilter, 'Which items may be recommended; applied inside the beam.')
  @ValidateNested()
  readonly filter?: ItemFilter | null;

  @Nullable(
    () => Boolean,
    'Whether items may come again that the list leaves out because of what the user did, such as bought ones (see `interactionKinds`), and those of `history`; ' +
      'absent: where users mostly take such items, as the figure `targets.repeated` of the active version says (above 0.5).',
  )
  readonly includeSeen?: boolean | null;

  @Nullable(
    () => Boolean,
    'Whether the list has at most one item of each group, such as a size of a shirt; absent: yes.',
  )
  readonly oncePerGroup?: boolean | null;

  @Nullable(() => GraphQLDateTime, 'Leaves out what feedback says was shown since then: the newest 2,000 items.')
  @InTime()
  readonly excludeShownSince?: Date | null;

  @Nullable(() => Float, 'Share of the places, 0–1, kept for items that the model has not learned yet.')
  @InRange(0, 1)
  readonly coldStartShare?: number | null;

  @Nullable(() => [[Int]], 'Up to 10 prefixes of semantic IDs whose items are moved up: see `steerWeight`.')
  @ShelfList()
  readonly more?: number[][] | null;

  @Nullable(() => [[Int]], 'The same for items that are moved down.')
  @ShelfList()
  readonly less?: number[][] | null;

  @Nullable(
    () => String,
    'Up to five wishes in words, such as "outdoor, no glass": each moves up the prefixes that most of the items have whose texts are nearest ' +
      'to it, or down after "no", "not", "without" or "less". `steeredBy` says which prefixes these are.',
  )
  @TextLength(1, MAX_STEER)
  readonly steer?: string | null;

  @Nullable(
    () => Float,
    'How many times the probability of items that are moved up counts for their rank, and what it is divided by for those that are moved ' +
      'down; above 1, up to 1,000,000; absent: 5. Scores stay as they are.',
  )
  @InRange(1, 1_000_000)
  readonly steerWeight?: number | null;

  @Nullable(
    () => ID,
    'The global ID of a model version that makes the list; absent: the active one does. Needs a key of role ADMIN. A version that is ' +
      'not active is loaded first, which takes seconds, and knows only items that have codes of its tokenizer.',
  )
  @TextLength(1, MAX_ID)
  readonly modelVersion?: string | null;
}

/** The arguments that all lists have. It is not a type of the schema. */
@ArgsType()
export class ListInput {
  @Default(() => Int, 10, 'How many, 1–100.')
  @InRange(1, 100)
  readonly first!: number;

  @Nullable(() => String, 'The `endCursor` of the page before, with its other arguments; absent: the first page.')
  @TextLength(1, MAX_CURSOR)
  readonly after?: string | null;

  @Nullable(
    () => String,
    'Where the list is shown, such as `home/top`: 1–64 characters of letters, digits, ".", "_", "/" and "-". The list has a `listId` then, ' +
      'and what is stored of the placement is in force; a request may narrow that, and never widen.',
  )
  @PlacementName()
  readonly placement?: string | null;
}

@ArgsType()
export class RecommendationInput extends ListInput {
  @Nullable(() => RecommendationOptions, 'How to recommend; absent: beam search.')
  @ValidateNested()
  readonly options?: RecommendationOptions | null;
}

@ArgsType()
export class SubjectInput extends RecommendationInput {
  @Nullable(
    () => String,
    'The external ID of a user, whose stored history counts first. Needs a key, or the storefront token of this user. ' +
      'A user without events is no mistake.',
  )
  @TextLength(1, MAX_ID)
  readonly user?: string | null;

  @Nullable(() => String, 'The same for a visitor, by the ID that the shop gave. Not beside `user`.')
  @TextLength(1, MAX_VISITOR)
  readonly visitor?: string | null;

  @Nullable(() => [String], 'External IDs of items, oldest first, up to 200, that follow the stored history.')
  @ListLength(0, MAX_HISTORY_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly history?: string[] | null;

  @Nullable(() => String, 'The item whose page shows the list: the newest of the history, and not in the list.')
  @TextLength(1, MAX_ID)
  readonly item?: string | null;
}

@InputType({
  description:
    'A state of the past. What is absent follows from the others: of a time, the newest version of the catalogue then; of a version of the ' +
    'catalogue, its time; and the model version that was active.',
})
export class AsOf {
  @Nullable(() => GraphQLDateTime, 'Interactions after it are left out.')
  @InTime()
  readonly time?: Date | null;

  @Nullable(() => Int, 'The catalogue version.')
  @InRange(1, MAX_INT)
  readonly catalogueVersion?: number | null;

  @Nullable(() => ID, 'The global ID of the model version.')
  @TextLength(1, MAX_ID)
  readonly modelVersion?: string | null;
}

@ArgsType()
export class ReplayInput extends SubjectInput {
  @Nullable(() => AsOf, 'Makes the list as it would have been then: see `replayed`. For admins; takes seconds.')
  @ValidateNested()
  readonly asOf?: AsOf | null;
}

@ArgsType()
export class BecauseInput {
  @Default(() => Int, 3, 'How many at most, 1–20.')
  @InRange(1, 20)
  readonly first!: number;
}

@ArgsType()
export class TrendingInput extends ListInput {
  @Default(() => TrendingWindow, 'WEEK', 'Of what time.')
  readonly window!: TrendingWindow;

  @Nullable(() => String, 'Only items of this category; absent: all.')
  @TextLength(1, MAX_NAME)
  readonly category?: string | null;
}

/** @throws {GraphQLError} When the caller may not name a model version, or names none. */
export function toRecommendationArgs({ options, ...list }: RecommendationInput, context: Context): RecommendationArgs {
  const { modelVersion, ...rest } = options ?? {};
  const args = { ...rest, ...pageArgs(list) };
  return modelVersion == null ? args : { ...args, modelVersionId: versionOf(modelVersion, context) };
}

/** @throws {GraphQLError} When the caller may not see the past, or names none that there was. */
export async function toReplayArgs(
  { asOf, ...input }: RecommendationInput & Pick<ReplayInput, 'asOf'>,
  context: Context,
): Promise<RecommendationArgs> {
  const args = toRecommendationArgs(input, context);
  if (asOf == null) return args;
  needsRole('ADMIN', context, 'asOf');
  const { modelVersion, ...rest } = asOf;
  const modelVersionId = modelVersion == null ? args.modelVersionId : versionOf(modelVersion, context);
  return { ...args, former: await context.explanations.formerState({ ...rest, modelVersionId }) };
}

export function toTrendingArgs({ window, category, ...list }: TrendingInput): RecommendationArgs {
  return { ...pageArgs(list), window, filter: category == null ? null : { categories: [category] } };
}

function pageArgs({ first, after, placement }: ListInput): Pick<RecommendationArgs, 'first' | 'after' | 'placement'> {
  return { first, ...(after != null && { after }), ...(placement != null && { placement }) };
}

export function versionOf(id: string, context: Context): number {
  needsRole('ADMIN', context, 'modelVersion');
  return versionRowOf(id, 'modelVersion');
}
