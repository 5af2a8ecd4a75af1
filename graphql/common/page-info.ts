import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'The position of a page in the whole list.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more entries follow `endCursor`.' })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Always false: pages can only be read forwards.' })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first entry; null when the page is empty.' })
  readonly startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last entry; null when the page is empty.' })
  readonly endCursor!: string | null;
}
