import { ArgsType, Field, ID } from 'type-graphql';

import { ListLength, TextLength } from './bounds';

@ArgsType()
export class NodesInput {
  @Field(() => [ID], { description: 'Global IDs, at most 100.' })
  @ListLength(0, 100)
  @TextLength(1, 200, { each: true })
  readonly ids!: string[];
}
