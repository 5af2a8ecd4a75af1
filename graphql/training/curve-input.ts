import { ArgsType, Field, Int } from 'type-graphql';

import { InRange, TextLength } from '../common/bounds';

@ArgsType()
export class CurveInput {
  @Field(() => String, { description: 'The name of the figure, such as `loss`.' })
  @TextLength(1, 100)
  readonly metric!: string;

  @Field(() => Int, { nullable: true, defaultValue: 200, description: 'The largest number of points, 2–1,000.' })
  @InRange(2, 1000)
  readonly points?: number | null;
}
