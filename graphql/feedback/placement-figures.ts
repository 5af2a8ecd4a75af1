import { Field, Int, ObjectType } from 'type-graphql';

import { ListShare } from './list-share';

@ObjectType({
  description: 'What became of the lists that one model version made for a placement.',
  simpleResolvers: true,
})
export class PlacementFigures {
  @Field(() => Int, { description: 'Lists with feedback of any kind. A list counts for the day on which it was made.' })
  readonly lists!: number;

  @Field(() => ListShare, { description: 'Lists of which an item was opened.' })
  readonly clicked!: ListShare;

  @Field(() => ListShare, { description: 'Lists of which an item was taken.' })
  readonly taken!: ListShare;

  @Field(() => ListShare, { description: 'Lists of which an item was dismissed.' })
  readonly dismissed!: ListShare;
}
