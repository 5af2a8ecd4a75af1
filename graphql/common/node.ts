import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({
  description: 'An object that can be fetched by its global ID.',
  resolveType: (value: { __typename: string }) => value.__typename,
})
export abstract class Node {
  @Field(() => ID, { description: 'Global ID, unique among all types.' })
  readonly id!: unknown;
}
