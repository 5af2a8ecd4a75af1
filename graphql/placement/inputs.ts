import { Matches, ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Directive, Field, ID, InputType, Int } from 'type-graphql';

import { InRange, InTime, ListLength, TextLength } from '../common/bounds';
import { badInput } from '../common/errors';
import { rowOf } from '../common/global-id';
import { MAX_HISTORY_IDS, MAX_ID, MAX_INT, MAX_PLACEMENT, MAX_RULES, MAX_TITLE } from '../common/limits';
import { MAX_VISITOR, rowsOf } from '../common/references';
import type { Context } from '../context';
import { ItemRef } from '../item/inputs';
import type { TrendingWindow as Window } from '../recommendation/records';
import { TrendingWindow } from '../recommendation/types';
import type * as records from './records';
import { AtMostRule, BoostRule, HideRule, NotShownForRule, PlacementFallback, PlacementOptions } from './types';

const NAME = `[A-Za-z0-9._/-]{1,${MAX_PLACEMENT}}`;
const CHARACTERS = `1 to ${MAX_PLACEMENT} of the characters A–Z, a–z, 0–9, ".", "_", "/" and "-"`;

/** Allows names of placements, such as `home/top`. They are short, since the ID of a list has one. */
export function PlacementName(): PropertyDecorator {
  return Matches(new RegExp(`^${NAME}$`), { message: `expected ${CHARACTERS}` });
}

/** Allows these, and the name of what counts in all lists. */
function StoredName(): PropertyDecorator {
  return Matches(new RegExp(`^(${NAME}|\\*)$`), { message: `expected ${CHARACTERS}, or "*" for all lists` });
}

/** No page of a list goes further. */
const MAX_PLACE = 500;

@InputType({ description: 'Gives an item a place of its own.' })
export class PinRuleInput {
  @Field(() => ItemRef, { description: 'The item.' })
  @ValidateNested()
  readonly item!: ItemRef;

  @Field(() => Int, { description: 'Counted over the pages of a list; the first is 1.' })
  @InRange(1, MAX_PLACE)
  readonly place!: number;
}

@Directive('@oneOf')
@InputType({ description: 'What a rule does: give one of these.' })
export class RuleActionInput {
  @Field(() => PinRuleInput, { nullable: true, description: 'Gives an item a place of its own.' })
  @ValidateNested()
  readonly pin?: PinRuleInput;

  @Field(() => BoostRule, { nullable: true, description: 'Moves items up or down.' })
  @ValidateNested()
  readonly boost?: BoostRule;

  @Field(() => HideRule, { nullable: true, description: 'Keeps items out.' })
  @ValidateNested()
  readonly hide?: HideRule;

  @Field(() => AtMostRule, { nullable: true, description: 'Lets a page have so many items alike.' })
  @ValidateNested()
  readonly atMost?: AtMostRule;

  @Field(() => NotShownForRule, { nullable: true, description: 'Leaves out what the user was shown last.' })
  @ValidateNested()
  readonly notShownFor?: NotShownForRule;
}

@InputType({ description: 'A rule of a placement.' })
export class PlacementRuleInput {
  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'From when on it is in force; absent: from the beginning.',
  })
  @InTime()
  readonly from?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Until when; absent: without end.' })
  @InTime()
  readonly until?: Date | null;

  @Field(() => RuleActionInput, { description: 'What it does.' })
  @ValidateNested()
  readonly action!: RuleActionInput;
}

@InputType({ description: 'A whole placement: what is absent is not said any more.' })
export class PlacementDefinitionInput {
  @Field(() => String, { nullable: true, description: 'What people call it.' })
  @TextLength(1, MAX_TITLE)
  readonly title?: string | null;

  @Field(() => PlacementOptions, { nullable: true, description: 'How its lists are made.' })
  @ValidateNested()
  readonly options?: PlacementOptions | null;

  @Field(() => [PlacementRuleInput], {
    nullable: true,
    description: 'Up to 50; the placement `*` has hide rules alone.',
  })
  @ListLength(0, MAX_RULES)
  @ValidateNested({ each: true })
  readonly rules?: PlacementRuleInput[] | null;

  @Field(() => PlacementFallback, { nullable: true, description: 'What fills its lists; absent: TRENDING.' })
  readonly fallback?: records.PlacementFallback | null;

  @Field(() => TrendingWindow, { nullable: true, description: 'Of what time trending items are; absent: WEEK.' })
  readonly window?: Window | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The global ID of the model version that makes its lists; absent: the active one, which also stands in where this one cannot be loaded.',
  })
  @TextLength(1, MAX_ID)
  readonly modelVersion?: string | null;
}

@InputType({ description: 'A placement to save.' })
export class SavePlacementInput {
  @Field(() => String, { description: 'As requests name it; `*` for hide rules of all lists.' })
  @StoredName()
  readonly name!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'The number of the state that you have changed; absent: there was none. Another one is in force: CONFLICT.',
  })
  @InRange(0, MAX_INT)
  readonly basedOn?: number | null;

  @Field(() => PlacementDefinitionInput, { description: 'What it says from now on.' })
  @ValidateNested()
  readonly definition!: PlacementDefinitionInput;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether to say what would be wrong, and to save nothing.',
  })
  readonly dryRun?: boolean | null;
}

@InputType({ description: 'A former state of a placement to bring back.' })
export class RestorePlacementInput {
  @Field(() => String, { description: 'The name of the placement.' })
  @StoredName()
  readonly name!: string;

  @Field(() => Int, { description: 'The number of the state. It is saved once more, as the newest.' })
  @InRange(1, MAX_INT)
  readonly state!: number;
}

@InputType({ description: 'Which placement to remove.' })
export class RemovePlacementInput {
  @Field(() => String, { description: 'Its name.' })
  @StoredName()
  readonly name!: string;
}

const USUAL_DAYS = 28;

@ArgsType()
export class PlacementsInput {
  @Field(() => Int, {
    nullable: true,
    defaultValue: USUAL_DAYS,
    description: 'Figures are of the lists of so many days, 1–366; the last of them is today, in UTC.',
  })
  @InRange(1, 366)
  readonly days?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether each day has figures of its own, the newest first; if false, all days together.',
  })
  readonly daily?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether each arm of an experiment has figures of its own; if false, all lists of a version together.',
  })
  readonly byArm?: boolean | null;

  /** GraphQL does not replace an explicit null by the default, so this does. */
  get period() {
    return { days: this.days ?? USUAL_DAYS, isDaily: this.daily ?? false, isByArm: this.byArm ?? false };
  }
}

@ArgsType()
export class PlacementInput extends PlacementsInput {
  @Field(() => String, { description: 'Its name.' })
  @StoredName()
  readonly name!: string;
}

const USUAL_LENGTH = 10;

@ArgsType()
export class PreviewPlacementInput {
  @Field(() => String, { description: 'The name of the placement; it need not be saved yet.' })
  @StoredName()
  readonly name!: string;

  @Field(() => PlacementDefinitionInput, { description: 'What is not saved yet.' })
  @ValidateNested()
  readonly definition!: PlacementDefinitionInput;

  @Field(() => String, { nullable: true, description: 'As in `recommendations`.' })
  @TextLength(1, MAX_ID)
  readonly user?: string | null;

  @Field(() => String, { nullable: true, description: 'As in `recommendations`.' })
  @TextLength(1, MAX_VISITOR)
  readonly visitor?: string | null;

  @Field(() => [String], { nullable: true, description: 'As in `recommendations`.' })
  @ListLength(0, MAX_HISTORY_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly history?: string[] | null;

  @Field(() => String, { nullable: true, description: 'As in `recommendations`.' })
  @TextLength(1, MAX_ID)
  readonly item?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: USUAL_LENGTH, description: 'How many items, 1–100.' })
  @InRange(1, 100)
  readonly first?: number | null;

  get length(): number {
    return this.first ?? USUAL_LENGTH;
  }
}

/** @returns The definition with rows in place of references. Pins of items that there are not have a user error each. */
export async function toDefinition({ rules, modelVersion, ...rest }: PlacementDefinitionInput, context: Context) {
  const given = rules ?? [];
  const pinned = given.flatMap(({ action: { pin } }, position) => (pin === undefined ? [] : [{ pin, position }]));
  const pathOf = (index: number) => ['definition', 'rules', pinned[index].position, 'action', 'pin', 'item'];
  const { rows, userErrors } = await rowsOf(
    'Item',
    pinned.map(({ pin }) => pin.item),
    context,
    pathOf,
  );
  const pinAt = new Map(pinned.map(({ pin: { place }, position }, i) => [position, { itemId: rows[i], place }]));
  const definition: records.PlacementDefinition = {
    ...rest,
    rules: given.map(({ action: { pin: _, ...action }, ...rule }, position) => ({
      ...rule,
      action: pinAt.has(position) ? { pin: pinAt.get(position)! } : action,
    })),
    modelVersionId: modelVersion == null ? null : versionOf(modelVersion),
  };
  return { definition, userErrors };
}

function versionOf(id: string): number {
  const row = rowOf('ModelVersion', id);
  if (row !== null) return row;
  const message = `modelVersion: expected the global ID of a model version, got "${id}"; modelVersions lists them`;
  throw badInput({ path: ['definition', 'modelVersion'], message });
}
