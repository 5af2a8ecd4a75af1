import { ArgsType, Field, Int } from 'type-graphql';

import { InRange, TextLength } from '../common/bounds';
import { MAX_INT, MAX_LABEL } from '../common/limits';

const USUAL_POINTS = 200;

@ArgsType()
export class CurveInput {
  @Field(() => String, { description: 'The name of the figure, such as `loss`.' })
  @TextLength(1, MAX_LABEL)
  readonly metric!: string;

  @Field(() => Int, {
    nullable: true,
    defaultValue: USUAL_POINTS,
    description: 'The largest number of points, 2–1,000.',
  })
  @InRange(2, 1000)
  readonly points?: number | null;

  @Field(() => Int, { nullable: true, description: 'Only the values from this step on; absent: from the first.' })
  @InRange(0, MAX_INT)
  readonly fromStep?: number | null;

  @Field(() => Int, { nullable: true, description: 'Only the values up to this step; absent: to the last.' })
  @InRange(0, MAX_INT)
  readonly toStep?: number | null;

  /** GraphQL does not replace an explicit null by the default, so this does. */
  get maxPoints(): number {
    return this.points ?? USUAL_POINTS;
  }
}
