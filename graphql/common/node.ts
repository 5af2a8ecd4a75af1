import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType({
  description: 'Something that can be fetched again by its global ID.',
  resolveType: (value: { __typename: string }) => value.__typename,
})
export abstract class Node {
  @Field(() => ID, { description: 'Global ID, unique over all types.' })
  readonly id!: unknown;
}
