import { GraphQLDateTime } from 'graphql-scalars';
import { Float, Int, ObjectType } from 'type-graphql';

import { Field, Nullable } from '../common/field';
import { enumOf } from '../common/types';
import { InteractionKind } from '../interaction/types';

export const WhyNotReason = enumOf('WhyNotReason', 'Why a list does not have an item.', {
  LISTED: 'It has it, at `place`.',
  REMOVED: 'The item is removed from the catalogue.',
  UNAVAILABLE: 'It is out of stock, or it is not between its dates.',
  FILTER: 'It does not meet `conditions` of the filter.',
  PLACEMENT: 'The filter or a rule of the placement keeps it out, or moves others before it.',
  SEEN: 'The user did `seen` with it, and `includeSeen` is not asked for.',
  DISMISSED: 'The user has dismissed it.',
  SHOWN: 'The user was shown it since `excludeShownSince`.',
  EARLIER_PAGE: 'A page before, which `after` names, has it.',
  GROUP: 'Another item of its group stands for it, or is left out: see `groupItem`.',
  NO_MODEL: 'No model made the list, and other items are taken by more users.',
  NO_CODES: 'The model that made the list does not know it: it has no semantic ID of its tokenizer.',
  STEERED: 'The options `more`, `less` and `steer` move others before it.',
  BEAM: 'The beam search dropped a prefix of its semantic ID, although it is likelier than the last item: see `beam`.',
  LESS_LIKELY: 'The model finds the items of the list likelier: compare `score` and `lastScore`.',
});
export type WhyNotReason = keyof typeof WhyNotReason;

export const WhyNotChange = enumOf('WhyNotChange', 'What would bring an item into a list.', {
  RESTORE_ITEM: 'restoreItems.',
  MAKE_AVAILABLE: 'Stock, or other dates.',
  DROP_CONDITION: 'A filter without `conditions`.',
  CHANGE_PLACEMENT: 'savePlacement, without what keeps it out.',
  INCLUDE_SEEN: 'The option `includeSeen`.',
  UNDO_DISMISSAL: 'undoDismissals.',
  LIST_SHOWN: 'A list without `excludeShownSince`.',
  LIST_WHOLE_GROUPS: 'The option `oncePerGroup: false`.',
  GIVE_HISTORY: 'A history that a model can read.',
  GIVE_CODES: 'A semantic ID.',
  NO_STEERING: 'A list without `more`, `less` and `steer`.',
  WIDER_BEAM: 'The option `beamWidth`.',
  LONGER_LIST: 'A greater `first`.',
});
export type WhyNotChange = keyof typeof WhyNotChange;

@ObjectType({ description: 'Something that would bring an item into a list.', simpleResolvers: true })
export class WouldHelp {
  @Field(() => WhyNotChange, 'What to change.')
  readonly change!: WhyNotChange;

  @Field(() => String, 'The same in a sentence, with the number or the place where there is one.')
  readonly text!: string;
}

@ObjectType({ description: 'What takes an item out of the lists of a user.', simpleResolvers: true })
export class SeenEvent {
  @Field(() => InteractionKind, 'What the user did; VIEW for an item that the request names.')
  readonly kind!: InteractionKind;

  @Field(() => GraphQLDateTime, 'When the user did it.')
  readonly at!: Date;
}

@ObjectType({ description: 'A prefix of a semantic ID that a beam did not keep.', simpleResolvers: true })
export class BeamDrop {
  @Field(() => Int, 'The level of its last code; 0 is the coarsest.')
  readonly level!: number;

  @Field(() => Float, "The prefix's natural-log probability.")
  readonly logProbability!: number;

  @Field(() => Float, 'That of the last prefix that the beam kept there.')
  readonly lastKept!: number;
}

@ObjectType({ description: 'Why a list does not have an item, with temperature left out.', simpleResolvers: true })
export class WhyNot {
  @Field(() => [WhyNotReason], 'All that keeps it out, that which is looked at first before the others; at least one.')
  readonly reasons!: readonly WhyNotReason[];

  @Field(() => String, 'The same in a sentence.')
  readonly text!: string;

  @Nullable(() => Int, 'Its place in the list or, where something hides it, the one it would have; null: none.')
  readonly place!: number | null;

  @Nullable(
    () => Float,
    "The item's score by all parts of the model, with the decoder's exact probability, which a beam may not have come to; null: no model " +
      'makes the list, or it does not know the item.',
  )
  readonly score!: number | null;

  @Nullable(() => Float, 'The same of the last item of the list that a model recommends; null: there is none.')
  readonly lastScore!: number | null;

  @Field(() => [String], 'Names of the conditions of the filter that it does not meet.')
  readonly conditions!: readonly string[];

  @Nullable(() => SeenEvent, 'What takes it out of the user’s lists, if it is among the newest 2,000.')
  readonly seen!: SeenEvent | null;

  @Nullable(() => BeamDrop, 'Where the beam search dropped it; null where it did not.')
  readonly beam!: BeamDrop | null;

  @Field(() => [WouldHelp], 'What would have changed it: one for each reason that can be helped.')
  readonly wouldHelp!: readonly WouldHelp[];
}

@ObjectType({ description: "What a version's lists have, of those that were compared.", simpleResolvers: true })
export class VersionCoverage {
  @Field(() => Int, 'How many items are in at least one list.')
  readonly items!: number;

  @Field(() => Float, 'Their share of all live items, 0–1.')
  readonly share!: number;
}

@ObjectType({ description: 'The lists of two model versions for the same users.', simpleResolvers: true })
export class VersionComparison {
  @Field(() => Int, 'How many users were compared; fewer than asked for where few have interactions.')
  readonly users!: number;

  @Field(() => Float, "The mean share of a list's items that both versions have, 0–1.")
  readonly overlap!: number;

  @Field(() => Float, 'The share of users whose first item is the same, 0–1.')
  readonly sameFirst!: number;

  @Nullable(() => Float, 'By how many places the items of both lists differ, on average; null: there are none.')
  readonly meanShift!: number | null;

  @Field(() => VersionCoverage, 'Of the active version.')
  readonly active!: VersionCoverage;

  @Field(() => VersionCoverage, 'Of the other version.')
  readonly other!: VersionCoverage;
}
