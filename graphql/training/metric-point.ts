import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'One point of the curve of a training job.', simpleResolvers: true })
export class MetricPoint {
  @Field(() => Int, { description: 'The step after which it was measured.' })
  readonly step!: number;

  @Field(() => Float, { description: 'The value.' })
  readonly value!: number;
}
