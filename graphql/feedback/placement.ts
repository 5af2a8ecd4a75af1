import { Field, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A place where lists are shown, such as the top of the home page.', simpleResolvers: true })
export class Placement {
  @Field(() => String, { description: 'As requests for lists name it.' })
  readonly name!: string;
}
