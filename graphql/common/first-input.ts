import { ArgsType, Field, Int } from 'type-graphql';

import { InRange } from './bounds';

const USUAL_NUMBER = 10;

@ArgsType()
export class FirstInput {
  @Field(() => Int, { nullable: true, defaultValue: USUAL_NUMBER, description: 'The number of entries, 1–100.' })
  @InRange(1, 100)
  readonly first?: number | null;

  /** GraphQL does not replace an explicit null by the default, so this does. */
  get count(): number {
    return this.first ?? USUAL_NUMBER;
  }
}
