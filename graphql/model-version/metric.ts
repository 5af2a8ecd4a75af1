import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A figure with its 95 % interval.', simpleResolvers: true })
export class Metric {
  @Field(() => String, { description: 'Such as `ndcg@10` or `popularity/recall@10`.' })
  readonly name!: string;

  @Field(() => Float, { description: 'The figure.' })
  readonly value!: number;

  @Field(() => Float, { nullable: true, description: 'Lower end; null when no interval was measured.' })
  readonly low!: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper end; null when no interval was measured.' })
  readonly high!: number | null;
}
