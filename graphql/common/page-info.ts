import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where a page lies among all entries.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether entries follow behind `endCursor`.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Always false: connections are read forwards.' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: "The first entry's cursor; null on an empty page." })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true, description: "The last entry's cursor; null on an empty page." })
  readonly endCursor!: string | null;
}
