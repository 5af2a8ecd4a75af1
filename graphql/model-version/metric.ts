import { Field, Float, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A measured figure with its 95 % interval.', simpleResolvers: true })
export class Metric {
  @Field(() => String, { description: 'The name, such as `ndcg@10` or `baseline.popularity.recall@10`.' })
  readonly name!: string;

  @Field(() => Float, { description: 'The value.' })
  readonly value!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The lower end of the interval; null when no interval was measured.',
  })
  readonly low!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The upper end of the interval; null when no interval was measured.',
  })
  readonly high!: number | null;
}
