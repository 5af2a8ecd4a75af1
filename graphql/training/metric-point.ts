import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: "One point of a training job's curve.", simpleResolvers: true })
export class MetricPoint {
  @Field(() => Int, { description: 'The update it was measured after.' })
  readonly step!: number;

  @Field(() => Float, { description: 'The figure.' })
  readonly value!: number;
}
