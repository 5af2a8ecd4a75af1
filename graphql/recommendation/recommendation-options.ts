import { ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, ID, InputType, Int } from 'type-graphql';

import { InRange, InTime, TextLength } from '../common/bounds';
import { MAX_ID } from '../common/limits';
import { ItemFilter } from '../item/item-filter';

@InputType({ description: 'How to recommend.' })
export class RecommendationOptions {
  @Field(() => Float, {
    nullable: true,
    description: 'Absent or 0: beam search, deterministic. Above 0, up to 10: sampling, more diverse as it grows.',
  })
  @InRange(0, 10)
  readonly temperature?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'For sampling: the same seed, model and catalogue give the same list.',
  })
  readonly seed?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Hypotheses kept at each level, 1–200; absent: 20. A list longer than that keeps as many as it is long.',
  })
  @InRange(1, 200)
  readonly beamWidth?: number | null;

  @Field(() => ItemFilter, { nullable: true, description: 'Which items may be recommended; applied inside the beam.' })
  @ValidateNested()
  readonly filter?: ItemFilter | null;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether items from the history may come again.',
  })
  readonly includeSeen?: boolean | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      "Leaves out what the user was shown since then, as feedback says: at most the user's newest 2,000 items.",
  })
  @InTime()
  readonly excludeShownSince?: Date | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the places, 0–1, kept for items that the model has not learned yet.',
  })
  @InRange(0, 1)
  readonly coldStartShare?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'The global ID of a model version that makes the list; absent: the active one does. Needs a key of role ADMIN. A version that is ' +
      'not active is loaded first, which takes seconds, and knows only items that have codes of its tokenizer.',
  })
  @TextLength(1, MAX_ID)
  readonly modelVersion?: string | null;
}
