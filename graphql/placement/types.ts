import { ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Authorized, Float, InputType, Int, ObjectType } from 'type-graphql';

import { InRange, InTime } from '../common/bounds';
import { connectionOf } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { enumOf, MutationPayload } from '../common/types';
import { PlacementFigures } from '../feedback/types';
import { ItemFilter } from '../item/fields';
import { Item } from '../item/types';
import type { TrendingWindow as Window } from '../recommendation/records';
import { RecommendationList, TrendingWindow } from '../recommendation/types';
import type { PlacementStateRecord } from './records';

export const PlacementFallback = enumOf(
  'PlacementFallback',
  'What fills a list where the model has too little to offer.',
  {
    TRENDING: 'What users take now, then popular items.',
    POPULAR: 'The items that most users took.',
    NOTHING: 'Nothing: the list is shorter then, or empty.',
  },
);
export type PlacementFallback = keyof typeof PlacementFallback;

export const QuotaField = enumOf('QuotaField', 'What items of a list have in common.', {
  CATEGORY: 'A category; an item with several counts for each.',
  BRAND: 'The brand.',
  GROUP: 'The group; with `oncePerGroup: false` a list may have several items of one.',
});
export type QuotaField = keyof typeof QuotaField;

export const PlacementWarningCode = enumOf('PlacementWarningCode', 'Why a definition does not do what it seems to.', {
  ITEM_UNAVAILABLE: 'The item of a pin is removed, or cannot be bought now. Its place is filled as the others are.',
  PIN_HIDDEN: 'No list can have the item of a pin: a hide rule, or the filter of the placement, keeps it out.',
  SAME_PLACE: 'Two pins have one place at a time. The later one in the list of rules gets the next place.',
  ADMITS_NOTHING: 'No item passes a filter now, for example because an attribute is named wrong.',
  LEAVES_NOTHING:
    'Filter and hide rules leave no item. Lists show the fallback; where the hide rules alone leave none, they are empty.',
  IS_OVER: 'The rule has ended.',
});
export type PlacementWarningCode = keyof typeof PlacementWarningCode;

@ObjectType('PlacementOptions', { description: 'How lists of a placement are made.', simpleResolvers: true })
@InputType('PlacementOptionsInput', { description: 'How lists of a placement are made. Requests may narrow it.' })
export class PlacementOptions {
  @Nullable(() => ItemFilter, 'Its lists have only such items.')
  @ValidateNested()
  readonly filter?: ItemFilter | null;

  @Nullable(() => Boolean, 'As in the options of a request. Where either says false, it is false.')
  readonly includeSeen?: boolean | null;

  @Nullable(() => Boolean, 'As in the options of a request. Where either says true, it is true.')
  readonly oncePerGroup?: boolean | null;

  @Nullable(() => Float, 'As in the options of a request, in place of what that says.')
  @InRange(0, 1)
  readonly coldStartShare?: number | null;

  @Nullable(() => Float, 'As in the options of a request, in place of what that says.')
  @InRange(0, 10)
  readonly temperature?: number | null;

  @Nullable(() => Int, 'As in the options of a request, in place of what that says.')
  @InRange(1, 200)
  readonly beamWidth?: number | null;
}

@ObjectType({ description: 'Gives an item a place of its own.', simpleResolvers: true })
export class PinRule {
  @Nullable(() => Item, 'The item; null when it was deleted.')
  readonly item!: unknown;

  @Field(() => Int, 'Counted over the pages of a list; the first is 1.')
  readonly place!: number;
}

@ObjectType('BoostRule', { description: 'Moves items up, or down: buries them.', simpleResolvers: true })
@InputType('BoostRuleInput', { description: 'Moves items up, or down: buries them.' })
export class BoostRule {
  @Field(() => ItemFilter, 'Which items.')
  @ValidateNested()
  readonly filter!: ItemFilter;

  @Field(() => Float, 'Their probability counts so many times for the rank, 0.01–100; below 1 buries. `score` stays.')
  @InRange(0.01, 100)
  readonly factor!: number;
}

@ObjectType('HideRule', { description: 'Keeps items out.', simpleResolvers: true })
@InputType('HideRuleInput', { description: 'Keeps items out.' })
export class HideRule {
  @Field(() => ItemFilter, 'Which items; `externalIds` names single ones.')
  @ValidateNested()
  readonly filter!: ItemFilter;
}

@ObjectType('AtMostRule', { description: 'Lets a page of a list have so many items alike.', simpleResolvers: true })
@InputType('AtMostRuleInput', { description: 'Lets a page of a list have so many items alike. Pins count, and stay.' })
export class AtMostRule {
  @Field(() => Int, 'How many, 1–100.')
  @InRange(1, 100)
  readonly count!: number;

  @Field(() => QuotaField, 'What they have in common.')
  readonly of!: QuotaField;
}

@ObjectType('NotShownForRule', { description: 'Leaves out what the user was shown last.', simpleResolvers: true })
@InputType('NotShownForRuleInput', { description: 'Leaves out what the user was shown last, as feedback says.' })
export class NotShownForRule {
  @Field(() => Float, 'In so many hours, up to 720.')
  @InRange(0.01, 720)
  readonly hours!: number;
}

/** The actions that an input may give as the type shows them. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
@InputType()
export abstract class GivenAction {
  @Nullable(() => BoostRule, 'Moves items up or down.')
  @ValidateNested()
  readonly boost?: BoostRule | null;

  @Nullable(() => HideRule, 'Keeps items out.')
  @ValidateNested()
  readonly hide?: HideRule | null;

  @Nullable(() => AtMostRule, 'Lets a page have so many items alike.')
  @ValidateNested()
  readonly atMost?: AtMostRule | null;

  @Nullable(() => NotShownForRule, 'Leaves out what the user was shown last.')
  @ValidateNested()
  readonly notShownFor?: NotShownForRule | null;
}

@ObjectType({ description: 'What a rule does: one of these, and the others are null.', simpleResolvers: true })
export class RuleAction extends GivenAction {
  @Nullable(() => PinRule, 'Gives an item a place of its own.')
  readonly pin?: object | null;
}

/** The times of a rule. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
@InputType()
export abstract class RuleTimes {
  @Nullable(() => GraphQLDateTime, 'From when on it is in force; null: from the beginning.')
  @InTime()
  readonly from?: Date | null;

  @Nullable(() => GraphQLDateTime, 'Until when; null: without end.')
  @InTime()
  readonly until?: Date | null;
}

@ObjectType({ description: 'A rule of a placement.', simpleResolvers: true })
export class PlacementRule extends RuleTimes {
  @Field(() => RuleAction, 'What it does.')
  readonly action!: object;
}

@ObjectType({ description: 'What was saved of a placement. The newest state is in force.', simpleResolvers: true })
export class PlacementState {
  @Field(() => Int, '1, 2, 3 …; pass it as `basedOn`.')
  readonly number!: number;

  @Nullable(() => String, 'What people call the placement.')
  readonly title?: string | null;

  @Nullable(() => PlacementOptions, 'How its lists are made.')
  readonly options?: PlacementOptions | null;

  @Field(() => [PlacementRule], 'In the order in which they were saved, those that have ended too.')
  readonly rules!: readonly object[];

  @Nullable(() => PlacementFallback, 'What fills its lists; null: TRENDING.')
  readonly fallback?: PlacementFallback | null;

  @Nullable(() => TrendingWindow, 'Of what time trending items are; null: WEEK.')
  readonly window?: Window | null;

  @Field(() => GraphQLDateTime, 'When it was saved.')
  readonly savedAt!: Date;

  // A simple field would not ask for the role.
  @Authorized('ADMIN')
  @Nullable(() => String, 'The name of the API key that saved it; admins see it.', { simple: false })
  readonly savedBy!: string | null;
}

export const PlacementStateConnection = connectionOf(PlacementState, 'PlacementState');

@ObjectType({ description: 'A place where lists are shown, such as the top of the home page.', simpleResolvers: true })
export class Placement {
  @Field(() => String, 'As requests for lists name it; `*` has the hide rules of all lists.')
  readonly name!: string;

  @Field(() => [PlacementFigures], 'What became of its lists, by version, and as asked by day and arm, newest first.')
  readonly figures!: readonly PlacementFigures[];
}

@ObjectType({ description: 'Something that a definition says and that will not be so.', simpleResolvers: true })
export class PlacementWarning {
  @Field(() => PlacementWarningCode, 'The kind, for programs.')
  readonly code!: PlacementWarningCode;

  @Field(() => String, 'The explanation, for people.')
  readonly message!: string;

  @Field(() => [String], 'Path into the definition, such as `["rules", "3", "action", "pin"]`.')
  readonly field!: readonly string[];
}

@ObjectType({ description: 'The list of one subject, before and after a change.', simpleResolvers: true })
export class PlacementPreview {
  @Field(() => RecommendationList, 'By the state in force.')
  readonly stored!: object;

  @Field(() => RecommendationList, 'By the definition given.')
  readonly draft!: object;

  @Field(() => [PlacementWarning], 'As savePlacement would give them.')
  readonly warnings!: readonly PlacementWarning[];
}

/** The fields that both have. It is not a type of the schema. */
@ObjectType({ simpleResolvers: true })
export abstract class SavedPlacementPayload extends MutationPayload {
  @Nullable(() => PlacementState, 'What was saved; null in a dry run, and when refused.')
  readonly state!: PlacementStateRecord | null;

  @Nullable(() => PlacementState, 'The newest state now: in a CONFLICT, what somebody else has saved meanwhile.')
  readonly inForce!: PlacementStateRecord | null;

  @Field(() => [PlacementWarning], 'What will not be as it seems. It was saved all the same.')
  readonly warnings!: readonly PlacementWarning[];
}

@ObjectType({ description: 'The answer of `savePlacement`.', simpleResolvers: true })
export class SavePlacementPayload extends SavedPlacementPayload {}

@ObjectType({ description: 'The answer of `restorePlacement`.', simpleResolvers: true })
export class RestorePlacementPayload extends SavedPlacementPayload {}

@ObjectType({ description: 'The answer of `removePlacement`.', simpleResolvers: true })
export class RemovePlacementPayload extends MutationPayload {
  @Nullable(() => String, 'The name of the placement; null when there was none.')
  readonly removedName!: string | null;
}
