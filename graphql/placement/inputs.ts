import { Matches, ValidateNested } from 'class-validator';
import { ArgsType, Directive, ID, InputType, Int } from 'type-graphql';

import { InRange, ListLength, TextLength } from '../common/bounds';
import { Default, Field, Nullable } from '../common/field';
import { versionRowOf } from '../common/global-id';
import { MAX_HISTORY_IDS, MAX_ID, MAX_INT, MAX_PLACEMENT, MAX_RULES, MAX_TITLE } from '../common/limits';
import { MAX_VISITOR, rowsOf } from '../common/references';
import type { Context } from '../context';
import { ItemRef } from '../item/inputs';
import type { TrendingWindow as Window } from '../recommendation/records';
import { TrendingWindow } from '../recommendation/types';
import type { PlacementDefinition } from './records';
import { GivenAction, PlacementFallback, PlacementOptions, RuleTimes } from './types';

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
  @Field(() => ItemRef, 'The item.')
  @ValidateNested()
  readonly item!: ItemRef;

  @Field(() => Int, 'Counted over the pages of a list; the first is 1.')
  @InRange(1, MAX_PLACE)
  readonly place!: number;
}

@Directive('@oneOf')
@InputType({ description: 'What a rule does: give one of these.' })
export class RuleActionInput extends GivenAction {
  @Nullable(() => PinRuleInput, 'Gives an item a place of its own.')
  @ValidateNested()
  readonly pin?: PinRuleInput;
}

@InputType({ description: 'A rule of a placement.' })
export class PlacementRuleInput extends RuleTimes {
  @Field(() => RuleActionInput, 'What it does.')
  @ValidateNested()
  readonly action!: RuleActionInput;
}

@InputType({ description: 'A whole placement: what is absent is not said any more.' })
export class PlacementDefinitionInput {
  @Nullable(() => String, 'What people call it.')
  @TextLength(1, MAX_TITLE)
  readonly title?: string | null;

  @Nullable(() => PlacementOptions, 'How its lists are made.')
  @ValidateNested()
  readonly options?: PlacementOptions | null;

  @Nullable(() => [PlacementRuleInput], 'Up to 50; the placement `*` has hide rules alone.')
  @ListLength(0, MAX_RULES)
  @ValidateNested({ each: true })
  readonly rules?: PlacementRuleInput[] | null;

  @Nullable(() => PlacementFallback, 'What fills its lists; absent: TRENDING.')
  readonly fallback?: PlacementFallback | null;

  @Nullable(() => TrendingWindow, 'Of what time trending items are; absent: WEEK.')
  readonly window?: Window | null;

  @Nullable(() => ID, 'The model version that makes its lists; absent, or not to be loaded: the active one.')
  @TextLength(1, MAX_ID)
  readonly modelVersion?: string | null;
}

@InputType({ description: 'A placement to save.' })
export class SavePlacementInput {
  @Field(() => String, 'As requests name it; `*` for hide rules of all lists.')
  @StoredName()
  readonly name!: string;

  @Nullable(() => Int, 'The number of the state that you changed; absent: none. CONFLICT: it is not the newest.')
  @InRange(0, MAX_INT)
  readonly basedOn?: number | null;

  @Field(() => PlacementDefinitionInput, 'What it says from now on.')
  @ValidateNested()
  readonly definition!: PlacementDefinitionInput;

  @Default(() => Boolean, false, 'Whether to say what would be wrong, and to save nothing.')
  readonly dryRun!: boolean;
}

@InputType({ description: 'A former state of a placement to bring back.' })
export class RestorePlacementInput {
  @Field(() => String, 'The name of the placement.')
  @StoredName()
  readonly name!: string;

  @Field(() => Int, 'The number of the state. It is saved once more, as the newest.')
  @InRange(1, MAX_INT)
  readonly state!: number;
}

@InputType({ description: 'Which placement to remove.' })
export class RemovePlacementInput {
  @Field(() => String, 'Its name.')
  @StoredName()
  readonly name!: string;
}

@ArgsType()
export class PlacementsInput {
  @Default(() => Int, 28, 'Figures are of the lists of so many days, 1–366; the last of them is today, in UTC.')
  @InRange(1, 366)
  readonly days!: number;

  @Default(() => Boolean, false, 'Whether each day has figures of its own, the newest first.')
  readonly daily!: boolean;

  @Default(() => Boolean, false, 'Whether each arm of an experiment has figures of its own; else all together.')
  readonly byArm!: boolean;

  get period() {
    return { days: this.days, isDaily: this.daily, isByArm: this.byArm };
  }
}

@ArgsType()
export class PlacementInput extends PlacementsInput {
  @Field(() => String, 'Its name.')
  @StoredName()
  readonly name!: string;
}

@ArgsType()
export class PreviewPlacementInput {
  @Field(() => String, 'The name of the placement; it need not be saved yet.')
  @StoredName()
  readonly name!: string;

  @Field(() => PlacementDefinitionInput, 'What is not saved yet.')
  @ValidateNested()
  readonly definition!: PlacementDefinitionInput;

  @Nullable(() => String, 'As in `recommendations`.')
  @TextLength(1, MAX_ID)
  readonly user?: string | null;

  @Nullable(() => String, 'As in `recommendations`.')
  @TextLength(1, MAX_VISITOR)
  readonly visitor?: string | null;

  @Nullable(() => [String], 'As in `recommendations`.')
  @ListLength(0, MAX_HISTORY_IDS)
  @TextLength(1, MAX_ID, { each: true })
  readonly history?: string[] | null;

  @Nullable(() => String, 'As in `recommendations`.')
  @TextLength(1, MAX_ID)
  readonly item?: string | null;

  @Default(() => Int, 10, 'How many items, 1–100.')
  @InRange(1, 100)
  readonly first!: number;
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
  const definition: PlacementDefinition = {
    ...rest,
    rules: given.map(({ action: { pin: _, ...action }, ...rule }, position) => ({
      ...rule,
      action: pinAt.has(position) ? { pin: pinAt.get(position)! } : action,
    })),
    modelVersionId: modelVersion == null ? null : versionRowOf(modelVersion, 'definition', 'modelVersion'),
  };
  return { definition, userErrors };
}
