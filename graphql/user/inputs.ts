import { ValidateNested } from 'class-validator';
import { ArgsType, Directive, InputType } from 'type-graphql';

import { ListLength, TextLength } from '../common/bounds';
import { PageOf20 } from '../common/connection';
import { Field, Nullable } from '../common/field';
import { MAX_BATCH, MAX_ID, MAX_NODES, MAX_SEARCH } from '../common/limits';
import { MAX_VISITOR } from '../common/references';
import { Reference } from '../common/types';

@ArgsType()
export class UsersInput extends PageOf20 {
  @Nullable(
    () => String,
    'Only users whose external ID contains this; absent: all. Upper and lower case are the same; on SQLite, and on PostgreSQL with the locale C, only those of A–Z.',
  )
  @TextLength(1, MAX_SEARCH)
  readonly externalIdContains?: string | null;

  @Nullable(() => [String], 'Only the users with these external IDs, up to 100, in this order; alone.')
  @ListLength(0, MAX_NODES)
  @TextLength(1, MAX_ID, { each: true })
  readonly externalIds?: string[] | null;
}

@Directive('@oneOf')
@InputType({ description: 'Names a user: give one of the two.' })
export class UserRef extends Reference {}

@InputType({ description: 'A visitor, and the user who has logged in.' })
export class IdentifyInput {
  @Field(() => String, 'The visitor, by the ID that the shop gave: the claim `vis` of the token.')
  @TextLength(1, MAX_VISITOR)
  readonly visitor!: string;

  @Field(() => UserRef, 'The user. One with an unknown external ID is created.')
  @ValidateNested()
  readonly user!: UserRef;
}

@ArgsType()
export class ExportUserInput {
  @Field(() => UserRef, 'The user.')
  @ValidateNested()
  readonly user!: UserRef;
}

@InputType({ description: 'Users to erase.' })
export class EraseUsersInput {
  @Field(() => [UserRef], '1–1,000 users.')
  @ListLength(1, MAX_BATCH)
  @ValidateNested({ each: true })
  readonly users!: UserRef[];
}
