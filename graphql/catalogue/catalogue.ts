import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'All items, and how the tokenizer sees them.', simpleResolvers: true })
export class Catalogue {
  @Field(() => Int, { description: 'Grows by one with each change.' })
  readonly version!: number;

  @Field(() => Int, { description: 'Items that can be recommended.' })
  readonly itemCount!: number;

  @Field(() => Int, { description: 'Those of them that have a semantic ID.' })
  readonly tokenizedItemCount!: number;

  @Field(() => Int, { description: 'Users known.' })
  readonly userCount!: number;

  @Field(() => Int, { description: 'Interactions recorded.' })
  readonly interactionCount!: number;
}
