import { ArgsType, Field, ID } from 'type-graphql';

import { ListLength, TextLength } from './bounds';
import { MAX_ID, MAX_NODES } from './limits';

@ArgsType()
export class NodesInput {
  @Field(() => [ID], { description: 'Global IDs, at most 100.' })
  @ListLength(0, MAX_NODES)
  @TextLength(1, MAX_ID, { each: true })
  readonly ids!: string[];
}
