import { Field, Int, ObjectType } from 'type-graphql';

import { connectionOf } from '../common/connection';
import { EmptyReason } from './empty-reason';
import { Recommendation } from './recommendation';
import type * as records from './records';

const Base = connectionOf(Recommendation, 'Recommendation');

@ObjectType('RecommendationConnection', {
  description: 'A list made whole by one model version on one catalogue version, best first.',
  simpleResolvers: true,
})
export class RecommendationConnection extends Base {
  @Field(() => Int, { description: 'The catalogue version that the list was made from.' })
  readonly catalogueVersion!: number;

  @Field(() => EmptyReason, {
    nullable: true,
    description: 'Why there is nothing in it; null when there is something.',
  })
  readonly emptyReason!: records.EmptyReason | null;
}
