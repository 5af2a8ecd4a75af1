import { ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, InputType, Int, ObjectType } from 'type-graphql';

import { InRange } from '../common/bounds';
import { connectionOf } from '../common/connection';
import { enumOf } from '../common/types';
import { PlacementFigures } from '../feedback/types';
import { ItemFilter } from '../item/fields';
import { Item } from '../item/types';
import type { TrendingWindow as Window } from '../recommendation/records';
import { RecommendationList, TrendingWindow } from '../recommendation/types';
import type * as records from './records';

export const PlacementFallback = enumOf<records.PlacementFallback>(
  'PlacementFallback',
  'What fills a list where the model has too little to offer.',
  {
    TRENDING: 'What users take now, then popular items.',
    POPULAR: 'The items that most users took.',
    NOTHING: 'Nothing: the list is shorter then, or empty.',
  },
);

export const QuotaField = enumOf<records.QuotaField>('QuotaField', 'What items of a list have in common.', {
  CATEGORY: 'A category; an item with several counts for each.',
  BRAND: 'The brand.',
  GROUP: 'The group; with `oncePerGroup: false` a list may have several items of one.',
});

export const PlacementWarningCode = enumOf<records.PlacementWarningCode>(
  'PlacementWarningCode',
  'Why a definition does not do what it seems to.',
  {
    ITEM_UNAVAILABLE: 'The item of a pin is removed, or cannot be bought now. Its place is filled as the others are.',
    PIN_HIDDEN: 'No list can have the item of a pin: a hide rule, or the filter of the placement, keeps it out.',
    SAME_PLACE: 'Two pins have one place at a time. The later one in the list of rules gets the next place.',
    ADMITS_NOTHING: 'No item passes a filter now, for example because an attribute is named wrong.',
    LEAVES_NOTHING: 'Filter and hide rules leave no item. Lists show the fallback.',
    IS_OVER: 'The rule has ended.',
  },
);

@ObjectType('PlacementOptions', {
  description: 'How the lists of a placement are made; what it does not say is null.',
  simpleResolvers: true,
})
@InputType('PlacementOptionsInput', {
  description: 'How the lists of a placement are made. A request may narrow it, and never widen.',
})
export class PlacementOptions {
  @Field(() => ItemFilter, { nullable: true, description: 'Its lists have only such items.' })
  @ValidateNested()
  readonly filter?: ItemFilter | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'As in the options of a request. Where either says false, it is false.',
  })
  readonly includeSeen?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'As in the options of a request. Where either says true, it is true.',
  })
  readonly oncePerGroup?: boolean | null;

  @Field(() => Float, { nullable: true, description: 'As in the options of a request, in place of what that says.' })
  @InRange(0, 1)
  readonly coldStartShare?: number | null;

  @Field(() => Float, { nullable: true, description: 'As in the options of a request, in place of what that says.' })
  @InRange(0, 10)
  readonly temperature?: number | null;

  @Field(() => Int, { nullable: true, description: 'As in the options of a request, in place of what that says.' })
  @InRange(1, 200)
  readonly beamWidth?: number | null;
}

@ObjectType({ description: 'Gives an item a place of its own.', simpleResolvers: true })
export class PinRule {
  @Field(() => Item, { nullable: true, description: 'The item; null when it was deleted.' })
  readonly item!: unknown;

  @Field(() => Int, { description: 'Counted over the pages of a list; the first is 1.' })
  readonly place!: number;
}

@ObjectType('BoostRule', { description: 'Moves items up, or down: buries them.', simpleResolvers: true })
@InputType('BoostRuleInput', { description: 'Moves items up, or down: buries them.' })
export class BoostRule {
  @Field(() => ItemFilter, { description: 'Which items.' })
  @ValidateNested()
  readonly filter!: ItemFilter;

  @Field(() => Float, {
    description: 'Their probability counts so many times for the rank, 0.01–100; below 1 buries. `score` stays.',
  })
  @InRange(0.01, 100)
  readonly factor!: number;
}

@ObjectType('HideRule', { description: 'Keeps items out.', simpleResolvers: true })
@InputType('HideRuleInput', { description: 'Keeps items out.' })
export class HideRule {
  @Field(() => ItemFilter, { description: 'Which items; `externalIds` names single ones.' })
  @ValidateNested()
  readonly filter!: ItemFilter;
}

@ObjectType('AtMostRule', { description: 'Lets a page of a list have so many items alike.', simpleResolvers: true })
@InputType('AtMostRuleInput', { description: 'Lets a page of a list have so many items alike. Pins count, and stay.' })
export class AtMostRule {
  @Field(() => Int, { description: 'How many, 1–100.' })
  @InRange(1, 100)
  readonly count!: number;

  @Field(() => QuotaField, { description: 'What they have in common.' })
  readonly of!: records.QuotaField;
}

@ObjectType('NotShownForRule', { description: 'Leaves out what the user was shown last.', simpleResolvers: true })
@InputType('NotShownForRuleInput', { description: 'Leaves out what the user was shown last, as feedback says.' })
export class NotShownForRule {
  @Field(() => Float, { description: 'In so many hours, up to 720.' })
  @InRange(0.01, 720)
  readonly hours!: number;
}

@ObjectType({ description: 'What a rule does: one of these, and the others are null.', simpleResolvers: true })
export class RuleAction {
  @Field(() => PinRule, { nullable: true, description: 'Gives an item a place of its own.' })
  readonly pin?: object | null;

  @Field(() => BoostRule, { nullable: true, description: 'Moves items up or down.' })
  readonly boost?: BoostRule | null;

  @Field(() => HideRule, { nullable: true, description: 'Keeps items out.' })
  readonly hide?: HideRule | null;

  @Field(() => AtMostRule, { nullable: true, description: 'Lets a page have so many items alike.' })
  readonly atMost?: AtMostRule | null;

  @Field(() => NotShownForRule, { nullable: true, description: 'Leaves out what the user was shown last.' })
  readonly notShownFor?: NotShownForRule | null;
}

@ObjectType({ description: 'A rule of a placement.', simpleResolvers: true })
export class PlacementRule {
  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'From when on it is in force; null: from the beginning.',
  })
  readonly from?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Until when; null: without end.' })
  readonly until?: Date | null;

  @Field(() => RuleAction, { description: 'What it does.' })
  readonly action!: object;
}

@ObjectType({ description: 'What was saved of a placement. The newest state is in force.', simpleResolvers: true })
export class PlacementState {
  @Field(() => Int, { description: '1, 2, 3 …; pass it as `basedOn`.' })
  readonly number!: number;

  @Field(() => String, { nullable: true, description: 'What people call the placement.' })
  readonly title?: string | null;

  @Field(() => PlacementOptions, { nullable: true, description: 'How its lists are made.' })
  readonly options?: records.PlacementOptionsRecord | null;

  @Field(() => [PlacementRule], { description: 'In the order in which they were saved, those that have ended too.' })
  readonly rules!: readonly object[];

  @Field(() => PlacementFallback, { nullable: true, description: 'What fills its lists; null: TRENDING.' })
  readonly fallback?: records.PlacementFallback | null;

  @Field(() => TrendingWindow, { nullable: true, description: 'Of what time trending items are; null: WEEK.' })
  readonly window?: Window | null;

  @Field(() => GraphQLDateTime, { description: 'When it was saved.' })
  readonly savedAt!: Date;

  @Field(() => String, { nullable: true, description: 'The name of the API key that saved it; admins see it.' })
  readonly savedBy!: string | null;
}

export const PlacementStateConnection = connectionOf(PlacementState, 'PlacementState');

@ObjectType({ description: 'A place where lists are shown, such as the top of the home page.', simpleResolvers: true })
export class Placement {
  @Field(() => String, { description: 'As requests for lists name it; `*` has the hide rules of all lists.' })
  readonly name!: string;

  @Field(() => [PlacementFigures], {
    description:
      'What became of its lists, for each model version that made some, the newest first; with `daily` for each day and version, with `byArm` for each arm of an experiment too.',
  })
  readonly figures!: readonly PlacementFigures[];
}

@ObjectType({ description: 'Something that a definition says and that will not be so.', simpleResolvers: true })
export class PlacementWarning {
  @Field(() => PlacementWarningCode, { description: 'The kind, for programs.' })
  readonly code!: records.PlacementWarningCode;

  @Field(() => String, { description: 'The explanation, for people.' })
  readonly message!: string;

  @Field(() => [String], { description: 'Path into the definition, such as `["rules", "3", "action", "pin"]`.' })
  readonly field!: readonly string[];
}

@ObjectType({ description: 'The list of one subject, before and after a change.', simpleResolvers: true })
export class PlacementPreview {
  @Field(() => RecommendationList, { description: 'By the state in force.' })
  readonly stored!: object;

  @Field(() => RecommendationList, { description: 'By the definition given.' })
  readonly draft!: object;

  @Field(() => [PlacementWarning], { description: 'As savePlacement would give them.' })
  readonly warnings!: readonly records.PlacementWarningRecord[];
}
