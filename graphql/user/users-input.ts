import { ArgsType, Field } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { PageOf20 } from '../common/page-input';

@ArgsType()
export class UsersInput extends PageOf20 {
  @Field(() => String, { nullable: true, description: "Only users whose shop's own key has this in it; absent: all." })
  @TextLength(1, 200)
  readonly externalIdContains?: string | null;
}
