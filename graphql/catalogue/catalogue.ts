import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'All items, and figures about their semantic IDs.', simpleResolvers: true })
export class Catalogue {
  @Field(() => Int, { description: 'The catalogue version; each change adds one.' })
  readonly version!: number;

  @Field(() => Int, { description: 'The number of items that can be recommended.' })
  readonly itemCount!: number;

  @Field(() => Int, { description: 'The number of these items that have a semantic ID.' })
  readonly tokenizedItemCount!: number;

  @Field(() => Int, { description: 'The number of users.' })
  readonly userCount!: number;

  @Field(() => Int, { description: 'The number of recorded interactions.' })
  readonly interactionCount!: number;
}
