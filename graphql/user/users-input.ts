import { ArgsType, Field } from 'type-graphql';

import { TextLength } from '../common/bounds';
import { MAX_SEARCH } from '../common/limits';
import { PageOf20 } from '../common/page-input';

@ArgsType()
export class UsersInput extends PageOf20 {
  @Field(() => String, {
    nullable: true,
    description:
      'Only users whose external ID contains this; absent: all. Upper and lower case are the same; on SQLite, and on PostgreSQL with the locale C, only those of A–Z.',
  })
  @TextLength(1, MAX_SEARCH)
  readonly externalIdContains?: string | null;
}
