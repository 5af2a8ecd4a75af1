import { Field, Float, Int, ObjectType } from 'type-graphql';

import { enumOf } from '../common/types';
import type * as records from './records';

export const FeedbackKind = enumOf<records.FeedbackKind>('FeedbackKind', 'What became of an item of a list.', {
  SHOWN: 'The user saw it.',
  CLICKED: 'The user opened it.',
  CART: 'The user put it into the cart.',
  PURCHASED: 'The user bought it, played it, or read it to its end.',
  DISMISSED:
    'The user does not want to see it again. No list of the user has it any more; undoDismissals takes that back.',
});

@ObjectType({ description: 'A number of lists, and what share of the lists it is.', simpleResolvers: true })
export class ListShare {
  @Field(() => Int, { description: 'How many lists.' })
  readonly count!: number;

  @Field(() => Float, { description: 'Their share of the lists with feedback, 0–1.' })
  readonly share!: number;

  @Field(() => Float, { description: "The lower end of the share's 95 % interval (Wilson)." })
  readonly low!: number;

  @Field(() => Float, { description: 'The upper end.' })
  readonly high!: number;
}

@ObjectType({
  description: 'What became of the lists that one model version made for a placement.',
  simpleResolvers: true,
})
export class PlacementFigures {
  @Field(() => Int, { description: 'Lists with feedback of any kind. A list counts for the day on which it was made.' })
  readonly lists!: number;

  @Field(() => ListShare, { description: 'Lists of which an item was opened.' })
  readonly clicked!: ListShare;

  @Field(() => ListShare, { description: 'Lists of which an item was put into the cart.' })
  readonly cart!: ListShare;

  @Field(() => ListShare, { description: 'Lists of which an item was purchased.' })
  readonly purchased!: ListShare;

  @Field(() => ListShare, { description: 'Lists of which an item was dismissed.' })
  readonly dismissed!: ListShare;
}

@ObjectType({ description: 'A place where lists are shown, such as the top of the home page.', simpleResolvers: true })
export class Placement {
  @Field(() => String, { description: 'As requests for lists name it.' })
  readonly name!: string;

  @Field(() => [PlacementFigures], {
    description: 'What became of its lists, for each model version that made some, the newest first.',
  })
  readonly figures!: readonly PlacementFigures[];
}
