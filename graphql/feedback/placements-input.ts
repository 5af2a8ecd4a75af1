import { ArgsType, Field, Int } from 'type-graphql';

import { InRange } from '../common/bounds';

export const USUAL_DAYS = 28;

@ArgsType()
export class PlacementsInput {
  @Field(() => Int, {
    nullable: true,
    defaultValue: USUAL_DAYS,
    description: 'Figures are of the lists of so many days, 1–366; the last of them is today, in UTC.',
  })
  @InRange(1, 366)
  readonly days?: number | null;
}
