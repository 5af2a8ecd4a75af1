import { GraphQLDateTime } from 'graphql-scalars';
import { Float, Int, ObjectType } from 'type-graphql';

import { Field, Nullable } from '../common/field';
import { enumOf, MutationPayload } from '../common/types';
import type { ExperimentRecord } from '../experiment/records';
import { Experiment } from '../experiment/types';

export const FeedbackKind = enumOf('FeedbackKind', 'What became of an item of a list.', {
  SHOWN: 'The user saw it.',
  CLICKED: 'The user opened it.',
  CART: 'The user put it into the cart.',
  PURCHASED: 'The user bought it, played it, or read it to its end.',
  DISMISSED:
    'The user does not want to see it again. No list of the user has it any more; undoDismissals takes that back.',
});
export type FeedbackKind = keyof typeof FeedbackKind;

@ObjectType({ description: 'A number of lists or items, and what share it is.', simpleResolvers: true })
export class Share {
  @Field(() => Int, 'How many.')
  readonly count!: number;

  @Field(() => Float, 'Their share, 0–1: of the lists with feedback, or of the items that can be recommended.')
  readonly share!: number;

  @Field(() => Float, "The lower end of the share's 95 % interval (Wilson).")
  readonly low!: number;

  @Field(() => Float, 'The upper end.')
  readonly high!: number;
}

@ObjectType({ description: 'What the purchases of lists brought in.', simpleResolvers: true })
export class Revenue {
  @Field(() => String, 'The currency, as ISO 4217 has it.')
  readonly currency!: string;

  @Field(() => Int, 'How many pieces were purchased.')
  readonly quantity!: number;

  @Field(() => Float, 'What was paid for them.')
  readonly total!: number;

  @Field(() => Float, 'The same for each list with feedback, on average.')
  readonly perList!: number;

  @Field(() => Float, 'The lower end of the 95 % interval of `perList` (normal).')
  readonly low!: number;

  @Field(() => Float, 'The upper end.')
  readonly high!: number;
}

@ObjectType({ description: 'An arm of an experiment whose lists figures are of.', simpleResolvers: true })
export class FiguresArm {
  @Field(() => String, 'Its name.')
  readonly name!: string;

  @Field(() => Experiment, 'The experiment.')
  readonly experiment!: ExperimentRecord;
}

@ObjectType({ description: 'What became of lists that one version made for a placement.', simpleResolvers: true })
export class PlacementFigures {
  @Nullable(() => GraphQLDateTime, 'The beginning of the day, in UTC; null: of all days together.')
  readonly day!: Date | null;

  @Nullable(() => FiguresArm, 'The arm that made the lists, with `byArm`; null: no arm, or all together.')
  readonly arm!: FiguresArm | null;

  @Field(() => Int, 'Lists with feedback of any kind. A list counts for the day on which it was made.')
  readonly lists!: number;

  @Field(() => Share, 'Lists of which an item was opened.')
  readonly clicked!: Share;

  @Field(() => Share, 'Lists of which an item was put into the cart.')
  readonly cart!: Share;

  @Field(
    () => Share,
    'Lists of which an item was purchased in the days after it was made, 7 if the server has no other setting, as feedback or interactions say. ' +
      'A purchase of recordInteractions counts for one list: the newest that showed the item to its user.',
  )
  readonly purchased!: Share;

  @Field(() => Share, 'Lists of which an item was dismissed.')
  readonly dismissed!: Share;

  @Field(() => [Revenue], 'What purchases brought in that feedback told with a `value`, by currency.')
  readonly revenue!: readonly Revenue[];

  @Field(() => Share, 'Items that were shown, of those that can be recommended now.')
  readonly coverage!: Share;
}

@ObjectType({ description: 'The answer of `recordFeedback`.', simpleResolvers: true })
export class RecordFeedbackPayload extends MutationPayload {
  @Field(() => Int, 'How many entries were recorded, without those that were recorded before.')
  readonly recorded!: number;
}

@ObjectType({ description: 'The answer of `undoDismissals`.', simpleResolvers: true })
export class UndoDismissalsPayload extends MutationPayload {
  @Field(() => Int, 'How many of the items were dismissed, and may be recommended again.')
  readonly undone!: number;
}
