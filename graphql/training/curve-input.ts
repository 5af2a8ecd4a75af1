import { ArgsType, Field, Int } from 'type-graphql';

import { InRange, TextLength } from '../common/bounds';

@ArgsType()
export class CurveInput {
  @Field(() => String, { description: 'The figure wanted, such as `loss`.' })
  @TextLength(1, 100)
  readonly metric!: string;

  @Field(() => Int, { nullable: true, defaultValue: 200, description: 'How many points at most, 2–1,000.' })
  @InRange(2, 1000)
  readonly points?: number | null;
}
